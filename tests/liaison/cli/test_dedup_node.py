"""``liaison dedup`` of a node, on a real database and without its process."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from consumers.deduplication import EVIDENCE_VERSION, sql_copy
from consumers.deduplication.index import MAX_SUBJECTS_PER_KEY
from liaison import assembly, doctor
from liaison.cli.context import Node
from liaison.cli.dedup import dedup
from liaison.configuration import Configuration
from liaison.logging import ALLOWED
from liaison.metrics import NodeCollector
from schemas.errors import ConfigurationInvalid, InputRefused
from schemas.notifications import Identification
from tests.consumers.deduplication import support
from tests.consumers.deduplication.support import (
    ANNA,
    ANNA_ABROAD,
    ANOTHER,
    PICTURE,
    pictured,
    subject,
)
from tests.fakes.notifications import CREATED
from tests.liaison.nodes import join, make_node

VALUES = ("quincampoix", "aurelie", "2012", "anna@example.org", "wyrobek", "tomasz")
MAILBOX = (("email", "anna@example.org"),)
OURS = subject("FR-1", "FR", **ANNA, identifiers=MAILBOX)
THEIRS = subject("DE-1", "DE", **ANNA_ABROAD, identifiers=MAILBOX)
STRANGER = subject("PH-1", "PH", **ANOTHER)


@pytest.fixture
def held(tmp_path: Path, configuration: Configuration) -> Iterator[support.Node]:
    """The node of FR with a pair and a stranger; it has the index open."""
    node = support.Node(tmp_path, home=configuration.index_home)
    node.hold(OURS, THEIRS, STRANGER)
    yield node
    node.close()


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return make_node(tmp_path, "FR")


def run(held: support.Node, configuration: Configuration, *arguments: str) -> Result:
    node = Node(configuration.path)
    node._database = held.database
    return CliRunner().invoke(dedup, arguments, obj=node)


def found(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def crowd(kind: str, value: str, count: int) -> list[Identification]:
    """So many cases of other names with one value in common."""
    return [
        subject(f"DE-{n}", "DE", names=(f"Nr{n}",), identifiers=((kind, value),))
        for n in range(100, 100 + count)
    ]


def begun_with_other_rules(held: support.Node, version: int) -> None:
    with held.database.begin() as connection:
        connection.exec_driver_sql(f"UPDATE match_state SET version = {version}")


def test_status_tells_how_much_and_how_far(
    held: support.Node, configuration: Configuration
) -> None:
    """Counts, the version of the rules, and what the other consumer of the log has more or less."""
    held.hold(subject("FR-2", "FR", **ANOTHER), consumers=("casebook",))
    held.hold(subject("FR-3", "FR", **ANOTHER), consumers=("deduplication",))
    status = found(run(held, configuration, "status", "--output", "json"))
    assert (status["subjects"], status["links"], status["retracted"]) == (4, 2, 0)
    assert (status["capped"], status["replay_due"]) == (0, False)
    assert status["evidence_version"] == EVIDENCE_VERSION
    assert (status["read"], status["behind_casebook"], status["ahead_of_casebook"]) == (4, 1, 1)


def test_status_says_when_a_replay_is_due(held: support.Node, configuration: Configuration) -> None:
    """An index that other rules made is said to be one, with the remedy."""
    begun_with_other_rules(held, EVIDENCE_VERSION - 1)
    result = run(held, configuration, "status")
    assert "replay_due         yes" in result.stdout
    assert "`liaison dedup replay`" in result.stderr


@pytest.mark.parametrize("command", [("quarantine",), ("explain", "FR-1", "DE-1")])
def test_a_lost_index_is_said_to_be_lost(
    held: support.Node, configuration: Configuration, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """With the remedy, which mends it; also by the doctor."""
    join_alone(tmp_path, configuration)
    held.journal.close()
    shutil.rmtree(configuration.index_home)
    refused = run(held, configuration, *command).exception
    assert isinstance(refused, ConfigurationInvalid)
    assert "is not there" in refused.problem
    assert "`liaison dedup replay`" in str(refused.remedy)
    at_home = replace(configuration, database_url=str(held.database.url))
    finding = doctor._checked("matching", lambda: doctor._matching(at_home))
    assert (finding.ok, finding.remedy) == (False, refused.remedy)
    assert found(run(held, configuration, "replay", "--output", "json"))["links_kept"] == 1
    assert run(held, configuration, *command).exit_code == 0
    assert doctor._matching(at_home).ok


def test_a_node_that_compared_nothing_has_no_index(configuration: Configuration) -> None:
    """And nothing is wrong with that."""
    node = Node(configuration.path)
    result = CliRunner().invoke(dedup, ["quarantine"], obj=node)
    assert (result.exit_code, result.exception) == (0, None)
    assert doctor._matching(configuration).ok
    node.close()


def test_a_key_that_too_many_have_is_shown(
    held: support.Node, configuration: Configuration
) -> None:
    """Its kind, its digest, since when and how often; what to do on standard error; no value."""
    held.hold(*crowd("email", "unknown@example.org", MAX_SUBJECTS_PER_KEY + 2), at=CREATED + 1)
    held.hold(*crowd("phone", "+33199004455", MAX_SUBJECTS_PER_KEY), at=CREATED + 2)
    result = run(held, configuration, "quarantine", "--output", "jsonl")
    (row,) = map(json.loads, result.stdout.splitlines())
    assert (row["kind"], row["refused"]) == ("email", 2)
    assert row["since"] == "2025-10-09T08:53:20.001Z"
    assert "placeholder" in result.stderr
    having = run(held, configuration, "quarantine", row["key"].upper(), "--output", "jsonl")
    references = [json.loads(line)["reference"] for line in having.stdout.splitlines()]
    assert references.count("DE-100") == 1
    assert len(references) == MAX_SUBJECTS_PER_KEY + 2
    assert run(held, configuration, "quarantine", "00" * 8, "--output", "jsonl").stdout == ""
    assert "unknown@" not in result.output


@pytest.mark.parametrize(
    ("a", "b"), [("FR-1", "DE/DE-1"), ("DE-1", "FR/FR-1"), (OURS.head.id, THEIRS.head.id)]
)
def test_explain_shows_every_field(
    held: support.Node, configuration: Configuration, a: str, b: str
) -> None:
    """By any of their names; the weights add up to the sum, from which the decision follows."""
    shown = found(run(held, configuration, "explain", a, b, "--output", "json"))
    weights = {field["field"]: field["weight"] for field in shown["fields"]}
    assert {"name", "birth-date", "email", "sex", "role"} <= weights.keys()
    assert sum(weights.values()) + shown["prior"] + shown["chance"] == shown["sum"]
    assert shown["sum"] >= shown["same_from"] > shown["compare_from"]
    assert (shown["decision"], shown["link"]["decision"]) == ("same", "same")
    assert shown["company"] == {"decision": "same", "score": shown["link"]["score"]}
    kinds = {key["kind"] for key in shown["keys"] if key["capped_since"] is None}
    assert {"email", "name+birth-date"} <= kinds


def test_explain_prints_no_value(held: support.Node, configuration: Configuration) -> None:
    """Neither a name nor a date nor an address, in any format."""
    for form in ("table", "json"):
        for other in ("DE-1", "PH-1"):
            shown = run(held, configuration, "explain", "FR-1", other, "--output", form)
            assert shown.exit_code == 0
            assert [value for value in VALUES if value in shown.output.lower()] == []


def test_explain_says_why_two_never_met(held: support.Node, configuration: Configuration) -> None:
    """No key in common; or none that still finds anybody."""
    shown = found(run(held, configuration, "explain", "FR-1", "PH-1", "--output", "json"))
    assert (shown["decision"], shown["link"], shown["keys"]) == (None, None, [])
    assert "they share no key: they were never compared" in shown["notes"]
    assert shown["company"] is None
    held.hold(subject("FR-8", "FR", names=("Aurélie Quincampoix",), birth_date="1981-07-30"))
    shown = found(run(held, configuration, "explain", "FR-8", "DE-1", "--output", "json"))
    assert {key["kind"] for key in shown["keys"]} == {"name"}
    assert "born on other days: they are not compared" in " ".join(shown["notes"])
    held.hold(*crowd("email", "unknown@example.org", MAX_SUBJECTS_PER_KEY + 2))
    late = subject("FR-9", "FR", names=("Zoe",), identifiers=(("email", "unknown@example.org"),))
    held.hold(late)
    shown = found(run(held, configuration, "explain", "FR-9", "DE/DE-100", "--output", "json"))
    assert [bool(key["capped_since"]) for key in shown["keys"]] == [True]
    assert "all keys they share are capped" in " ".join(shown["notes"])
    table = run(held, configuration, "explain", "FR-9", "DE-100").stdout
    assert "email (capped since" in table


def test_explain_shows_that_a_near_picture_brought_two_together(
    held: support.Node, configuration: Configuration
) -> None:
    """Until so many near copies go around that it no longer does."""
    one, other = (
        subject(f"{code}-5", code, names=name, **pictured(PICTURE ^ bits))
        for code, name, bits in (
            ("FR", ("Aurelie Quincampoix",), 0),
            ("DE", ("Quincampoix",), 7),
        )
    )
    held.hold(one, other)
    arguments = ("explain", "FR-5", "DE-5", "--output", "json")
    shown = found(run(held, configuration, *arguments))
    assert {key["kind"] for key in shown["keys"]} == {"name+support"}
    assert (shown["link"]["decision"], shown["notes"]) == ("same", [])
    around = [
        subject(f"PH-{n}", "PH", names=(f"Nr{n}",), **pictured(PICTURE ^ 1 << n))
        for n in range(8, 40)
    ]
    held.hold(*around)
    shown = found(run(held, configuration, *arguments))
    assert [key["kind"] for key in shown["keys"]] == ["near-picture"]
    assert "all keys they share are capped" in " ".join(shown["notes"])
    row = found(run(held, configuration, "quarantine", "--output", "json"))[0]
    assert (row["kind"], row["key"]) == ("near-picture", shown["keys"][0]["key"])
    having = found(run(held, configuration, "quarantine", row["key"], "--output", "json"))
    assert {"FR-5", "DE-5", "PH-8"} <= {one["reference"] for one in having}


def test_explain_names_the_rule_above_the_sum(
    held: support.Node, configuration: Configuration
) -> None:
    """A victim and an offender are never called the same, whatever agrees."""
    held.hold(support.offender("DE-2", "DE", **ANNA_ABROAD, identifiers=MAILBOX))
    shown = found(run(held, configuration, "explain", "FR-1", "DE-2", "--output", "json"))
    assert shown["decision"] != "same"
    assert "one is a victim, the other an offender" in [f["words"] for f in shown["fields"]]


@pytest.mark.parametrize(
    ("a", "b", "problem"),
    [
        ("FR-1", "FR-404", "no case 'FR-404' is held here"),
        ("FR-1", "IT/DE-1", "no case 'IT/DE-1' is held here"),
        ("FR-1", "FR/FR-1", "both are the same case"),
        ("FR-1", "X-1", "2 jurisdictions have a case 'X-1': DE, PH"),
        ("FR-1", "FR-2", "the case 'FR-2' is in the casebook, and not in the match index"),
    ],
)
def test_explain_refuses_what_is_not_held(
    held: support.Node, configuration: Configuration, a: str, b: str, problem: str
) -> None:
    """With what to write instead."""
    held.hold(subject("X-1", "DE", **ANOTHER), subject("X-1", "PH", **ANOTHER))
    held.hold(subject("FR-2", "FR", **ANOTHER), consumers=("casebook",))
    refused = run(held, configuration, "explain", a, b).exception
    assert isinstance(refused, InputRefused)
    assert refused.problem == problem
    assert refused.remedy


def join_alone(tmp_path: Path, configuration: Configuration) -> None:
    """A directory that lists the node and its peers in the cases."""
    join(tmp_path, configuration, *(make_node(tmp_path, code) for code in ("DE", "PH")))


def test_replay_keeps_what_is_right_and_tells_what_changed(
    held: support.Node, configuration: Configuration, tmp_path: Path
) -> None:
    """Counts for all, and each link that is not what it was."""
    join_alone(tmp_path, configuration)
    begun_with_other_rules(held, EVIDENCE_VERSION - 1)
    (link,) = held.links()
    with held.database.begin() as connection:
        sql_copy.forget(connection, link.pair)
    result = found(run(held, configuration, "replay", "--output", "json"))
    assert (result["evidence_version_before"], result["evidence_version"]) == (
        EVIDENCE_VERSION - 1, EVIDENCE_VERSION,
    )  # fmt: skip
    assert (result["links_kept"], result["links_added"]) == (0, 1)
    assert [(one["a"], one["b"]) for one in result["changed"]] == [("DE/DE-1", "FR/FR-1")]
    table = run(held, configuration, "replay").stdout
    assert "links_kept               1" in table
    assert not found(run(held, configuration, "status", "--output", "json"))["replay_due"]


def test_one_replay_at_a_time(
    held: support.Node, configuration: Configuration, tmp_path: Path
) -> None:
    """A second one is refused while the first runs."""
    join_alone(tmp_path, configuration)
    with (configuration.data / "replay.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = run(held, configuration, "replay").exception
    assert isinstance(refused, InputRefused)
    assert refused.problem == "another replay of this index is running"
    assert run(held, configuration, "replay").exit_code == 0


def test_a_node_without_casebook_cannot_replay(held: support.Node, tmp_path: Path) -> None:
    """The casebook is what the index is made from."""
    node = {"jurisdiction": "FR", "consumers": ["deduplication"]}
    lone = make_node(tmp_path / "lone", "FR", sections={"node": node})
    refused = run(held, lone, "replay").exception
    assert isinstance(refused, InputRefused)
    assert "[node] consumers" in str(refused.remedy)


def test_metrics_and_doctor_show_what_needs_an_operator(
    held: support.Node, configuration: Configuration, tmp_path: Path
) -> None:
    """Capped keys, overdue verdicts, a replay that is due: counted, and red only if mendable."""
    join_alone(tmp_path, configuration)
    held.hold(*crowd("email", "unknown@example.org", MAX_SUBJECTS_PER_KEY + 1))
    at_home = replace(configuration, database_url=str(held.database.url))
    finding = doctor._matching(at_home)
    assert finding.ok
    assert "1 keys capped, see `liaison dedup quarantine`" in finding.found
    assert "1 verdicts overdue, see `liaison alerts list --overdue`" in finding.found
    begun_with_other_rules(held, EVIDENCE_VERSION - 1)
    finding = doctor._matching(at_home)
    assert (finding.ok, finding.remedy) == (False, "`liaison dedup replay`")
    directory = assembly.open_directory(configuration)
    shown = {
        family.name: family.samples[0].value
        for family in NodeCollector(held.database, lambda: directory).collect()
        if family.samples
    }
    wanted = ("capped_keys", "verdicts_overdue", "replay_due", "match_links")
    assert [shown[f"liaison_{name}"] for name in wanted] == [1, 1, 1, 1]


def test_a_bad_key_is_logged_once(held: support.Node) -> None:
    """When it is capped and after the commit; its kind, and nothing else of it."""
    everyone = crowd("email", "unknown@example.org", MAX_SUBJECTS_PER_KEY + 20)
    with capture_logs() as lines:
        for start in range(0, len(everyone), 10):
            held.hold(*everyone[start : start + 10])
            held.deduplicator.committed()
            held.deduplicator.committed()
    assert lines == [
        {
            "event": "keys_capped",
            "log_level": "warning",
            "part": "deduplication",
            "count": 1,
            "reason": "email",
        }
    ]
    assert lines[0].keys() - {"log_level"} <= ALLOWED
