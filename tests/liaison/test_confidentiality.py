"""What is for one member only is nowhere else, in no form, and in no key, header, log or metric."""

from __future__ import annotations

import base64
import http.client
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from schemas.codec import decode_record
from tests.liaison.running import (
    BROKER,
    MEMBERS,
    Federation,
    federation_in,
    victim,
    wait_until,
    write_lines,
)
from tests.liaison.tapping import Tap, tapped

NAME = "Qvyxmarka"
CYRILLIC = "Ъмыркович"
VALUE = "wzkidentmark"
REFERENCE = "ZJXREFMARK"
SERIES = "Vrqseriesmark"
THEIRS = "Kpqothername"
SHARED = "sharedmark@mail.example"
SECRET = (NAME, CYRILLIC, VALUE, REFERENCE, SERIES)
IDENTITY = (NAME, CYRILLIC, VALUE, SERIES, THEIRS, SHARED, "sharedmark", "2011-02-13")
PARTIES = ("FR", "DE")
OTHERS = ("PH", "XI")


class Search:
    """Finds texts in bytes, in every form that software is likely to give them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms = sorted({form for text in texts for form in forms(text)})

    def __call__(self, data: bytes) -> bytes | None:
        """The first form found."""
        # Kafka makes its index files a megabyte long before it writes to them.
        filled = data.rstrip(b"\0")
        return next((form for form in self._forms if form in filled), None)

    def files(self, paths: Iterable[Path]) -> dict[Path, bytes]:
        """The files that hold any of them, or are named so, with the form found."""
        found = {}
        for path in paths:
            hit = self(str(path).encode()) or self(path.read_bytes())
            if hit:
                found[path] = hit
        return found


def forms(text: str) -> Iterator[bytes]:
    """``text`` in several cases, encoded as text and then as bytes are written in text."""
    for cased in {text, text.lower(), text.upper(), text.casefold(), text.title()}:
        yield quote(cased).encode()
        yield json.dumps(cased)[1:-1].encode()
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = cased.encode(encoding)
            yield raw
            yield raw.hex().encode()
            yield raw.hex().upper().encode()
            for before, encode in product(range(3), (base64.b64encode, base64.urlsafe_b64encode)):
                yield _inner(encode(bytes(before) + raw), before, len(raw))


def _inner(encoded: bytes, before: int, length: int) -> bytes:
    """The characters of a Base64 text that the bytes in the middle alone decide."""
    return encoded[-(-before * 8 // 6) : (before + length) * 8 // 6]


@pytest.mark.parametrize("text", SECRET)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_search(text: str, before: str) -> None:
    """What is hidden in other words is found, whatever stands around it and however written."""
    search = Search([text])
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = f"{before}{text}xyz".encode(encoding)
        for written in (
            raw,
            base64.b64encode(raw),
            base64.urlsafe_b64encode(raw),
            raw.hex().encode(),
        ):
            assert search(b"\0\xff" + written + b"\0")
            assert not search(written[: len(written) // 3])


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """One federation that has seen a secret between FR and DE, faults, and work for all."""
    with federation_in(tmp_path_factory.mktemp("secret") / "box") as made:
        made.up()
        yield made


@pytest.fixture(scope="module")
def taps(
    federation: Federation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Tap]]:
    """The story all tests here look at; what went between gateways is in the taps."""
    files = tmp_path_factory.mktemp("cases")
    with tapped(federation, *MEMBERS) as found:
        publish_all(federation, files)
        # Faults make programs talk: in logs, in answers, in errors.
        for part in ("DE", BROKER, "FR"):
            process = federation.part(part)
            assert process is not None
            process.signal(9)
        federation.publish("FR", write_lines(files / "later.jsonl", [secret(relation="update")]))
        wait_until(lambda: all(map(federation.ready, (*MEMBERS, BROKER))), "not all are ready")
        federation.settle()
        wait_until(lambda: told(federation, "FR") and told(federation, "DE"), "nobody was told")
        federation.settle()
        yield found


def secret(**more: Any) -> dict[str, Any]:
    """The line that is for DE only."""
    return victim(
        "FR",
        f"{REFERENCE}-1",
        ["DE"],
        names=[f"{NAME} Zorbelin", f"Иван {CYRILLIC}"],
        birth_date="2011-02-13",
        series=SERIES,
        identifiers=[
            {"type": "email", "value": SHARED},
            {"type": "username", "value": VALUE, "platform": "example"},
            {"type": "phone", "value": "+33 6 12 34 56 78"},
        ],
        **more,
    )


def publish_all(federation: Federation, files: Path) -> None:
    """The secret among other work, a line that is refused for it, and its like at DE."""
    ours = [victim("FR", f"conf-FR-{i}", [code]) for i, code in enumerate(("PH", "XI", "DE"))]
    federation.publish("FR", write_lines(files / "fr.jsonl", [ours[0], secret(), *ours[1:]]))
    theirs = victim(
        "DE",
        "conf-DE-1",
        ["FR"],
        names=[f"{THEIRS} Anders"],
        identifiers=[{"type": "email", "value": SHARED.upper()}],
    )
    federation.publish("DE", write_lines(files / "de.jsonl", [theirs]))
    federation.publish("PH", write_lines(files / "ph.jsonl", [victim("PH", "conf-PH", ["FR"])]))
    wrong = write_lines(files / "wrong.jsonl", [{**secret(), NAME: VALUE}])
    process = federation.spawn("FR", "publish", str(wrong))
    process.communicate()
    assert process.returncode == 1


def told(federation: Federation, code: str) -> list[dict[str, Any]]:
    """The alerts at a contact point."""
    return federation.rows(code, "alerts", "list")


def files_in(directory: Path) -> list[Path]:
    """All files below it."""
    return [path for path in directory.rglob("*") if path.is_file()]


def written_by_rocksdb(home: Path) -> set[Path]:
    """The files of match indexes that hold what was compared; its own log is none of them."""
    found = {path for kind in ("*.sst", "*.log", "MANIFEST-*") for path in home.rglob(kind)}
    return {path for path in found if path.parent.parent.name == "match"}


def own_partition(path: Path) -> bool:
    """Whether a file of the broker belongs to a topic of one of the two parties."""
    return any(part.startswith(("fr.", "de.")) for part in path.parts)


@pytest.mark.kafka
@pytest.mark.usefixtures("taps")
class TestSecret:
    """One secret, looked for everywhere."""

    def test_where_it_belongs(self, federation: Federation) -> None:
        """The two parties have it, in database, index and topics: the search finds it there."""
        broker = files_in(federation.home / "kafka" / "data")
        for mark, code in product(SECRET, PARTIES):
            search = Search([mark])
            held = federation.home / code / "data"
            assert search.files(held.glob("node.db*")), (mark, code)
            topics = [path for path in broker if f"/{code.lower()}.notif" in str(path)]
            assert search.files(topics), (mark, code)
        for code in PARTIES:  # some of it: files are compressed
            assert Search(SECRET).files(written_by_rocksdb(federation.home / code)), code

    def test_files(self, federation: Federation) -> None:
        """No file of the others, of the broker beside the parties' topics, or of the sandbox."""
        homes = [federation.home / code / "data" for code in PARTIES]
        databases = {path for home in homes for path in home.glob("node.db*")}
        databases |= {path for home in homes for path in written_by_rocksdb(home)}
        searched = [
            path
            for path in files_in(federation.home)
            if path not in databases and not own_partition(path)
        ]
        names = {path.name for path in searched}
        assert names >= {"node.db", "node.db-wal", "node.log", "log", "kafka.log", "console.log"}
        assert names >= {"LOG", "CURRENT"}
        assert not Search(SECRET).files(searched)

    def test_logs(self, federation: Federation) -> None:
        """No log tells of either side, or of any reference."""
        files = set(files_in(federation.home)) - written_by_rocksdb(federation.home)
        logs = [path for path in files if "log" in path.name.lower().split(".")]
        search = Search((*IDENTITY, REFERENCE, "conf-FR-", "conf-DE-", "conf-PH"))
        assert {"node.log", "log", "LOG"} <= {path.name for path in logs}
        assert not search.files(path for path in logs if "data" not in path.parts[-3:-1])
        assert not search.files((federation.home / code / "data/node.log") for code in MEMBERS)

    def test_topics(self, federation: Federation) -> None:
        """No record of the others holds it; nobody's keys or headers do."""
        search, values = Search(SECRET), 0
        for record in federation.records(*MEMBERS):
            assert not search(record.key or b"")
            for name, value in record.headers:
                assert not search(name.encode() + b"\0" + (value or b""))
            if record.topic.startswith(("ph.", "xi.")):
                values += 1
                assert not search(record.value or b"")
        assert values >= 2

    def test_metrics(self, federation: Federation) -> None:
        """Nothing that a node shows to monitoring tells of a notification."""
        search = Search((*IDENTITY, REFERENCE, "conf-"))
        for node, path in product(federation.nodes.values(), ("metrics", "readyz", "livez")):
            connection = http.client.HTTPConnection(*node.admin_listen, timeout=60)
            connection.request("GET", f"/{path}")
            response = connection.getresponse()
            body = response.read()
            connection.close()
            assert response.status == 200
            assert body
            assert not search(body + str(response.getheaders()).encode())

    def test_wire(self, taps: dict[str, Tap]) -> None:
        """Between gateways, inside of TLS: not in a URL, a header, a body or an answer."""
        search = Search((*IDENTITY, REFERENCE, "conf-"))
        for tap in taps.values():
            assert b"POST /relay/v1/routine/blocks HTTP/1.1" in tap.asked
            assert not search(bytes(tap.asked))
            assert not search(bytes(tap.answered))
            for url in re.findall(rb"(?:GET|POST) (\S+) HTTP/1.1\r\n", tap.asked):
                assert re.fullmatch(rb"/relay/v1/(routine|urgent)/(blocks|position)", url)

    def test_alerts(self, federation: Federation) -> None:
        """An alert names both references and whom to call; no identity data of either side."""
        sides = (f"{REFERENCE}-1", "conf-DE-1")
        for code, (own, their) in (("FR", sides), ("DE", sides[::-1])):
            [alert] = told(federation, code)
            assert (alert["reference"], alert["their_reference"]) == (own, their)
            assert alert["contact"]["unit"]
            assert {one["kind"] for one in alert["evidence"]} <= {"email", "name", "birth-date"}
            assert not Search(IDENTITY)(json.dumps(alert, ensure_ascii=False).encode())
        for code in OTHERS:
            assert not told(federation, code)

    def test_alert_records(self, federation: Federation) -> None:
        """Nor is any in the records that carry the alerts."""
        search = Search(IDENTITY)
        carried: Sequence[bytes] = [
            record.value
            for record in federation.records(*MEMBERS)
            if record.topic.endswith(".match-alert") and record.value
        ]
        assert carried
        for value in carried:
            assert not search(value)
            assert not search(json.dumps(decode_record(value), default=str).encode())
