"""``liaison publish``, ``cancel`` and ``refused`` on a real node's files and a real Kafka."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from liaison.assembly import open_database
from liaison.cli import cli
from liaison.configuration import Configuration
from producers import kafka_admin
from producers.database import Database
from producers.kafka import KafkaSettings
from producers.kafka_admin import KafkaAdmin
from producers.publications import SUBMITTED, count_pending, publications
from producers.publisher import BATCH
from schemas.identities import new_id
from tests.liaison.nodes import join, make_node

pytestmark = pytest.mark.kafka

CASE = {
    "type": "identification",
    "reference": "FR-1",
    "jurisdiction": "FR",
    "role": "victim",
    "names": ["Élodie Exemple"],
    "recipients": ["DE"],
}


@pytest.fixture
def node(tmp_path: Path, kafka: KafkaSettings) -> Configuration:
    """FR's node, a member beside DE, with its topics on the shared broker."""
    sections = {
        "kafka": {"bootstrap_servers": kafka.bootstrap_servers, "topic_prefix": f"{new_id()}."}
    }
    own, other = make_node(tmp_path, "FR", sections=sections), make_node(tmp_path, "DE")
    join(tmp_path, own, other)
    create = KafkaAdmin(kafka).create
    asyncio.run(create(own.topics.all_outbound, partitions=2, replication=1, config={}))
    return own


def run(node: Configuration, *arguments: str, given: str | None = None) -> Result:
    """One command of the command line."""
    return CliRunner().invoke(cli, ["--config", str(node.path), *arguments], input=given)


def told(result: Result, code: int = 0) -> Any:
    """What a command wrote for programs."""
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def write(node: Configuration, *cases: Any, name: str = "cases.jsonl") -> str:
    """A file of cases; its path."""
    path = node.home / name
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
    return str(path)


def case(reference: str, **fields: Any) -> dict[str, Any]:
    """A case file."""
    return {**CASE, "reference": reference, **fields}


def pending(node: Configuration) -> int:
    """How many publications are not known to be in the log."""
    database = Database(node.database_url)
    with database.read() as connection:
        found = count_pending(connection, origin_kind=SUBMITTED)
    database.close()
    return found


def sent(node: Configuration) -> int:
    """How many publications are known to be in the log."""
    database = open_database(node)
    with database.read() as connection:
        found = connection.execute(publications.select().where(~publications.c.pending)).all()
    database.close()
    return len(found)


def test_publish(node: Configuration) -> None:
    """A file is published, and again with the same ids."""
    path = write(node, CASE, case("FR-2"))
    first = told(run(node, "publish", path, "--output", "json"))
    assert first["accepted"] == 2
    assert first["refused"] == first["warnings"] == []
    assert set(first["ids"]) == {"FR-1", "FR-2"}
    assert told(run(node, "publish", path, "--output", "json")) == first
    assert pending(node) == 0


def test_standard_input(node: Configuration) -> None:
    """Lines may come from another program."""
    result = run(node, "publish", "-", "--output", "json", given=json.dumps(CASE))
    assert told(result)["accepted"] == 1


def test_refused(node: Configuration) -> None:
    """A bad line has its own refusal, the others are published, and the exit code says so."""
    path = write(node, CASE, case("FR-2", birth_date="2010-13-45"), case("FR-3", sx="f"))
    found = told(run(node, "publish", path, "--output", "json"), 1)
    assert found["accepted"] == 1
    assert found["refused"] == [
        {
            "line": 2,
            "field": "birth_date",
            "problem": "no such date exists",
            "remedy": "correct it, or give only what is known: YYYY-MM or YYYY",
        },
        {"line": 3, "field": "sx", "problem": "unknown field", "remedy": "did you mean sex?"},
    ]
    kept = told(run(node, "refused", "list", "--output", "json"))
    assert [(row["line"], row["field"]) for row in kept] == [(2, "birth_date"), (3, "sx")]
    shown = told(run(node, "refused", "show", kept[0]["id"][:8], "--output", "json"))
    assert json.loads(shown["content"])["reference"] == "FR-2"
    assert run(node, "refused", "forget", kept[0]["id"]).exit_code == 0
    assert len(told(run(node, "refused", "list", "--output", "json"))) == 1


def test_for_people(node: Configuration) -> None:
    """On the screen refusals go to standard error, with file, line, field and remedy."""
    one, other = write(node, CASE), write(node, case("FR-2", sex="w"), name="other.jsonl")
    result = run(node, "publish", one, other)
    assert result.exit_code == 1
    assert "accepted  1" in result.stdout
    assert (
        f"refused: {other}, line 1: sex is not one of the values known here; "
        "write one of: f, m, x" in result.stderr
    )


def test_retry(node: Configuration) -> None:
    """What was refused for want of its predecessor is accepted later."""
    told(run(node, "publish", write(node, case("FR-1", relation="update")), "--output", "json"), 1)
    told(run(node, "refused", "retry", "--output", "json"), 1)
    told(run(node, "publish", write(node, CASE), "--output", "json"))
    assert told(run(node, "refused", "retry", "--output", "json"))["accepted"] == 1
    assert told(run(node, "refused", "list", "--output", "json")) == []
    picture = write(node, case("FR-2", series="data:image/png;base64,iVBORw0KGgo="))
    told(run(node, "publish", picture, "--output", "json"), 1)
    again = run(node, "refused", "retry")
    assert again.exit_code == 0
    assert "1 refused lines were kept without content" in again.stderr


@pytest.mark.parametrize("command", ["publish", "refused retry"])
def test_kafka_away(node: Configuration, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Kafka a program still gets the result, and nothing is lost or doubled by it."""
    orphan = write(node, case("FR-1", relation="update"), name="orphan.jsonl")
    told(run(node, "publish", orphan, "--output", "json"), 1)
    path = write(node, CASE)
    words = ["publish", path] if command == "publish" else ["refused", "retry"]
    with monkeypatch.context() as away:
        away.setenv("LIAISON_KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:9")
        away.setattr(kafka_admin, "REQUEST_TIMEOUT_S", 0.5)
        result = run(node, *words, "--output", "json")
    empty = {"accepted": 0, "refused": [], "warnings": [], "ids": {}}
    assert told(result, 4) == empty
    assert "Kafka does not answer: timed out" in result.stderr
    assert len(told(run(node, "refused", "list", "--output", "json"))) == 1
    assert told(run(node, "publish", path, "--output", "json"))["accepted"] == 1


def test_unknown_recipient(node: Configuration) -> None:
    """A recipient that is no member is warned about, and the line accepted."""
    path = write(node, case("FR-1", recipients=["DE", "SE", "circle:none"]))
    found = told(run(node, "publish", path, "--output", "json"))
    assert found["warnings"][0]["remedy"].endswith("`liaison federation show` lists the members")
    assert [row["problem"] for row in found["warnings"]] == [
        "SE is not in the directory",
        "circle:none is not in the directory",
    ]


def test_dry_run(node: Configuration) -> None:
    """A dry run shows who would get what, by which rule, and writes nothing."""
    path = write(node, case("FR-1", recipients=["DE", "SE"]), case("FR-2", recipients=[]))
    found = told(run(node, "publish", path, "--dry-run", "--output", "json"))
    assert found["accepted"] == 2
    de, se, nobody = found["would_release"]
    assert (de["line"], de["reference"], de["recipient"]) == (1, "FR-1", "DE")
    assert "identity" in de["released"]
    assert de["rules"]["identity"]
    assert (se["recipient"], se["released"]) == ("SE", [])
    assert se["withheld"] == ["everything (unknown-member)"]
    assert nobody["recipient"] is None
    assert pending(node) == 0
    table = run(node, "publish", path, "--dry-run")
    assert "DE" in table.stdout
    assert "warning: line 2: recipients reaches nobody" in table.stderr
    told(run(node, "publish", path, "--output", "json"))


def test_cancel(node: Configuration) -> None:
    """A case is cancelled once, however often the command is given."""
    told(run(node, "publish", write(node, CASE), "--output", "json"))
    first = told(run(node, "cancel", "FR-1", "--output", "json"))
    assert told(run(node, "cancel", "FR-1", "--output", "json")) == first
    assert first["accepted"] == 1
    assert run(node, "cancel", "FR-1").stdout == "accepted  1\nrefused   0\n"
    unknown = run(node, "cancel", "FR-9")
    assert unknown.exit_code == 2
    assert "nothing was published under this reference" in unknown.stderr


def test_usage(node: Configuration) -> None:
    """Without files there is nothing to publish."""
    result = run(node, "publish")
    assert result.exit_code == 2
    assert "give FILES or - for standard input" in result.stderr
    assert told(run(node, "publish", "--resume", "--output", "json")) == {"sent": 0}


@pytest.mark.parametrize("after_s", [1.0, 1.3, 1.6])
def test_killed(node: Configuration, after_s: float) -> None:
    """A command that is killed at any moment is completed by the same command."""
    cases = [case(f"FR-{number}") for number in range(3000)]
    path = write(node, *cases)
    command = [sys.executable, "-m", "liaison", "--config", str(node.path), "publish", path]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after_s)
        process.kill()
    found = told(run(node, "publish", path, "--output", "json"))
    assert found["accepted"] == 3000
    assert len(set(found["ids"].values())) == 3000
    assert pending(node) == 0


def test_interrupted(node: Configuration) -> None:
    """Ctrl-C ends the command, also while it waits for input, and it says how to go on."""
    cases = [case(f"FR-{number}") for number in range(600)]
    command = [sys.executable, "-m", "liaison", "--config", str(node.path), "publish", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        process.stdin.write("".join(json.dumps(case) + "\n" for case in cases))
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while sent(node) < BATCH and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stdout
        assert process.stderr
        assert "accepted  500" in process.stdout.read()
        assert "`liaison publish --resume`, completes it" in process.stderr.read()
    path = write(node, *cases)
    assert told(run(node, "publish", path, "--output", "json"))["accepted"] == 600
    assert sent(node) == 600
