"""The no-imagery guard. All "files" here are a signature followed by random noise."""

from __future__ import annotations

import base64
import gzip
import io
import random
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.guard import Finding, inspect_record, screen_bytes
from schemas.codec import encode
from schemas.notifications import Identification, Identifier, MediaHash, MissingChild, Takedown
from tests.fakes.notifications import head, identification

HEADERS = {
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "JPEG of a camera": b"\xff\xd8\xff\xe1\x1c\x45Exif\x00\x00",
    "JPEG without a name": b"\xff\xd8\xff\xdb\x00\x43\x00",
    "PNG": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "GIF": b"GIF89a",
    "old GIF": b"GIF87a",
    "WEBP": b"RIFF\x24\x10\x00\x00WEBPVP8 ",
    "AVI": b"RIFF\x24\x10\x00\x00AVI LIST",
    "BMP": b"BM\x36\x10\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
    "TIFF": b"II\x2a\x00\x08\x00\x00\x00",
    "TIFF of a Mac": b"MM\x00\x2a\x00\x00\x00\x08",
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
    "AVIF": b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00",
    "MP4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00",
    "WebM": b"\x1a\x45\xdf\xa3\x01\x00\x00\x00",
    "JPEG XL": b"\x00\x00\x00\x0cJXL \r\n\x87\n",
    "PDF": b"%PDF-1.7\n",
}
SPELLINGS: dict[str, Callable[[bytes], str]] = {
    "Base64": lambda data: base64.b64encode(data).decode(),
    "URL-safe Base64": lambda data: base64.urlsafe_b64encode(data).decode(),
    "Base64 without padding": lambda data: base64.b64encode(data).decode().rstrip("="),
    "Base64 in lines": lambda data: base64.encodebytes(data).decode(),
    "Base64 with spaces": lambda data: " ".join(base64.b64encode(data).decode()),
    "Base64 with nothings": lambda data: "\u200b".join(base64.b64encode(data).decode()),
    "Base64 in a sentence": lambda data: f"siehe Bild {base64.b64encode(data).decode()} danke",
    "a data: URI": lambda data: "data:image/jpeg;base64," + base64.b64encode(data).decode(),
    "hexadecimal": lambda data: data.hex(),
    "capital hexadecimal": lambda data: data.hex().upper(),
    "spaced hexadecimal": lambda data: data.hex(" "),
    "colons": lambda data: data.hex(":"),
    "0x": lambda data: ", ".join(f"0x{byte:02x}" for byte in data),
    "escapes": lambda data: "".join(f"\\x{byte:02x}" for byte in data),
    "a hex dump": lambda data: "\n".join(
        data.hex()[i : i + 64] for i in range(0, 2 * len(data), 64)
    ),
    "Latin-1": lambda data: data.decode("latin-1"),
    "replacement characters": lambda data: data.decode("utf-8", "replace"),
    "gzip in Base64": lambda data: base64.b64encode(gzip.compress(data)).decode(),
    "ZIP in Base64": lambda data: base64.b64encode(_zipped(data)).decode(),
    "Base85": lambda data: base64.b85encode(data).decode(),
    "Base32": lambda data: base64.b32encode(data).decode(),
}
ANYWHERE: dict[str, Callable[[str], Identification | MissingChild | Takedown]] = {
    "names[0]": lambda text: replace(identification(), names=(text,)),
    "series": lambda text: replace(identification(), series=text),
    "identifiers[0].value": lambda text: replace(
        identification(), identifiers=(Identifier("username", text),)
    ),
    "media_hashes[0].value": lambda text: replace(
        identification(), media_hashes=(MediaHash("photodna", text),)
    ),
    "description": lambda text: MissingChild(head("FR-1", kind="missing-child"), description=text),
    "url": lambda text: Takedown(head("FR-1", kind="takedown"), url=text),
}


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", data)
    return out.getvalue()


def _noise(seed: int, size: int = 2000) -> bytes:
    return random.Random(seed).randbytes(size)


def _refused(notification: Identification | MissingChild | Takedown) -> list[Finding]:
    """What both steps together say."""
    found = inspect_record(notification.to_record())
    if found:
        assert screen_bytes(encode(notification)), "the fast step let pass what the precise finds"
    return found


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("format", HEADERS)
def test_files(format: str, spelling: str) -> None:
    """A file in any usual spelling is found in any text."""
    data = HEADERS[format] + _noise(7)
    for path, put in ANYWHERE.items():
        found = _refused(put(SPELLINGS[spelling](data)))
        assert [one.field for one in found] == [path], (format, spelling, path)


@settings(max_examples=30, deadline=None)
@given(st.integers(), st.sampled_from(sorted(HEADERS)), st.sampled_from(sorted(SPELLINGS)))
def test_any_noise(seed: int, format: str, spelling: str) -> None:
    """Whatever follows the signature."""
    data = HEADERS[format] + _noise(seed)
    assert _refused(ANYWHERE["description"](SPELLINGS[spelling](data)))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(), st.sampled_from(["Base64", "URL-safe Base64", "hexadecimal", "Base64 in lines"])
)
def test_nameless_data(seed: int, spelling: str) -> None:
    """Long runs are refused even when nothing says what they are."""
    assert _refused(ANYWHERE["series"](SPELLINGS[spelling](_noise(seed))))


def test_thumbnail() -> None:
    """A small picture is one too."""
    data = HEADERS["PNG"] + _noise(1, 60)
    for spelling in ("Base64", "hexadecimal"):
        assert _refused(ANYWHERE["names[0]"](SPELLINGS[spelling](data)))


def test_percent_encoding() -> None:
    """A JPEG or PNG file is found in percent-encoding."""
    for format in ("JPEG", "PNG"):
        text = "https://a.example/?x=" + quote_from_bytes(HEADERS[format] + _noise(3))
        assert _refused(ANYWHERE["url"](text))


def test_decimals() -> None:
    """A JPEG file is found in a list of decimal numbers."""
    text = ", ".join(str(byte) for byte in HEADERS["JPEG"] + _noise(3, 100))
    assert _refused(ANYWHERE["description"](text))


@pytest.mark.parametrize("length", [30, 60, 76, 200])
def test_cut_into_names(length: int) -> None:
    """A file cut into many names is put together again."""
    text = base64.b64encode(b"\0" + HEADERS["JPEG"] + _noise(3)).decode()
    cut = tuple(text[i : i + length] for i in range(0, len(text), length))
    assert _refused(replace(identification(), names=cut))


def test_many_names() -> None:
    """Many names, each a single word, are no file."""
    names = tuple(f"{first}{second}" for first in ("Anna", "Ben", "Cleo") for second in WORDS)
    assert not _refused(replace(identification(), names=names))


WORDS = [
    "berg",
    "dorf",
    "feld",
    "hain",
    "hausen",
    "heim",
    "hof",
    "ingen",
    "kirchen",
    "leben",
    "ried",
    "rode",
    "sen",
    "stadt",
    "thal",
    "wald",
    "weiler",
    "werder",
    "wiesen",
    "bach",
    "brück",
    "burg",
    "furt",
    "gart",
    "horst",
    "kamp",
    "loh",
    "mar",
    "moor",
    "ort",
    "reuth",
    "see",
]


def test_the_reason() -> None:
    """A finding says where and what, and nothing of the content."""
    text = SPELLINGS["Base64"](HEADERS["PNG"] + _noise(3))
    assert _refused(ANYWHERE["series"](text)) == [Finding("series", "a PNG file in Base64")]


@settings(max_examples=30, deadline=None)
@given(st.integers())
def test_hashes(seed: int) -> None:
    """Hashes of all kinds, however many, are no picture."""
    made = random.Random(seed)
    lengths = (32, 20, 16, 32, 144, 48, 64)
    hashes = tuple(
        MediaHash("sha256", made.randbytes(made.choice(lengths)).hex()) for _ in range(60)
    )
    opaque = MediaHash("photodna", base64.b64encode(made.randbytes(144)).decode())
    assert not _refused(replace(identification(), media_hashes=(*hashes, opaque)))


def test_a_list_of_hashes_in_words() -> None:
    """Hashes written one below the other in a text are no picture either."""
    made = random.Random(1)
    text = "Hashes found:\n" + "\n".join(made.randbytes(32).hex() for _ in range(40))
    assert not _refused(ANYWHERE["description"](text))


PROSE = (
    "Das Kind wurde am 2026-03-04 gegen 15:30 in der Nähe des Bahnhofs zuletzt gesehen "
    "It wore a blue jacket and carried a red bag of the brand NorthStar2 with three badges "
    "L’enfant pourrait être accompagné d’un adulte – Jean DUPONT 2001-02-03 Marie MARTIN "
) * 8


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        PROSE.replace(" ", "\u00a0"),
        "https://bad.example/gallery/2024/05/IMG_20240511_153012.jpg?size=large&id=abc123DEF456",
        "https://cdn.example/9j/photo.jpg",
        "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "4" + "8AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3" * 2,
        "metadata: image/jpeg, 3000x2000, taken by a phone",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe",
        "محمد " * 100,
        "Анастасия Верещагина " * 40,
        "data: the file was called GIF89a.gif and 255 of 300 were seen",
        "R0lGOD",
    ],
)
def test_text(text: str) -> None:
    """Text, addresses and wallets are let in."""
    for put in ANYWHERE.values():
        assert not _refused(put(text))


def test_the_fast_step_lets_ordinary_records_pass() -> None:
    """What officers write seldom needs the precise step."""
    made = random.Random(5)
    hits = 0
    for number in range(500):
        hashes = tuple(MediaHash("sha256", made.randbytes(32).hex()) for _ in range(6))
        names = (f"Élodie Example {number}", "Анастасия Верещагина")
        hits += screen_bytes(encode(replace(identification(), names=names, media_hashes=hashes)))
    assert hits == 0


def test_hostile_text() -> None:
    """Many beginnings in one long text take no more time than its length asks for."""
    started = time.process_time()
    for text in ("/9j/" * 60_000, "ffd8ff" * 40_000, "data:" * 50_000, "a" * 250_000):
        inspect_record({"series": text})
    assert time.process_time() - started < 5


def test_more_text_than_a_case_has_is_not_looked_through() -> None:
    """Texts made to be slow to judge are refused for their length; many hashes are not text."""
    slow = replace(identification(), names=("/9j/ " * 2_000,) * 6)
    [finding] = inspect_record(slow.to_record())
    assert finding.reason == "more text than a case notification has"
    many = replace(identification(), media_hashes=(MediaHash("sha256", "ab" * 32),) * 1_000)
    assert inspect_record(many.to_record()) == []
