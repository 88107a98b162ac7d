"""The demo: its facts, its refusals, and one run of the whole of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from liaison.cli.demo import _show
from liaison.demo import Outcome, run
from liaison.expectations import judge
from schemas.errors import InputRefused
from tests.liaison.test_expectations import EXPECTED, perfect

ROOT = Path(__file__).parents[2]
FACTS = {
    "ok",
    "published",
    "delivered",
    "receipts",
    "pairs_planted",
    "pairs_alerted_both_sides",
    "lookalikes",
    "lookalikes_alerted",
    "briefings",
    "publish_to_alert_ms",
    "seconds",
}


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    briefings = tuple(tmp_path / f"briefing-{code}.pdf" for code in ("DE", "PH", "XI"))
    for path in briefings:
        path.write_bytes(b"%PDF")
    nodes = perfect()
    published = sum(EXPECTED.notifications.values())
    return Outcome(
        published, EXPECTED, nodes, judge(EXPECTED, nodes), briefings, (40, 70, 900), 12.34
    )


def test_the_facts_are_those_that_programs_rely_on(outcome: Outcome) -> None:
    """Exactly the documented keys; counts are numbers, paths absolute."""
    facts = outcome.facts()
    assert facts.keys() == FACTS
    assert facts["ok"] is True
    assert facts["publish_to_alert_ms"] == 900
    assert outcome.median_delay_ms == 70
    assert all(Path(path).is_absolute() for path in facts["briefings"])


def test_a_missing_briefing_or_publication_is_not_ok(outcome: Outcome) -> None:
    """Every part of it has to have happened."""
    assert not replace(outcome, published=outcome.published - 1).ok
    outcome.briefings[0].write_bytes(b"")
    assert not outcome.ok
    outcome.briefings[0].unlink()
    assert not outcome.ok


def test_the_tables_show_every_pair_lookalike_and_briefing(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who got what, who was told of whom, and what was written."""
    _show(outcome)
    shown = capsys.readouterr().out
    for couple in (*EXPECTED.pairs, *EXPECTED.lookalikes):
        assert couple.first in shown
        assert couple.second in shown
    assert "All of it happened: 85 published" in shown
    assert str(outcome.briefings[2]) in shown


def test_a_directory_that_holds_something_is_refused(tmp_path: Path) -> None:
    """The demo never mixes with what is there already."""
    (tmp_path / "mine").touch()
    with pytest.raises(InputRefused) as caught:
        run(tmp_path, keep=False, say=lambda _: None)
    assert caught.value.problem == f"the directory {tmp_path} is not empty"
    assert caught.value.remedy == "give another one, or leave --dir out"


def test_help_says_when_it_succeeds() -> None:
    """The meaning of exit 0 is in the help."""
    from liaison.cli.demo import demo

    assert "Exit 0 only if everything was delivered" in CliRunner().invoke(demo, ["--help"]).output


@pytest.mark.kafka
def test_the_whole_of_it_really_happens(tmp_path: Path) -> None:
    """Four nodes on real Kafka: all facts are as planted, the files stay, no process does."""
    home = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "liaison", "demo", "--dir", str(home), "--output", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts.keys() == FACTS
    assert facts["ok"] is True
    assert facts["published"] == sum(EXPECTED.notifications.values())
    assert facts["delivered"] == facts["receipts"] == EXPECTED.deliveries
    assert facts["pairs_alerted_both_sides"] == facts["pairs_planted"] == len(EXPECTED.pairs)
    assert facts["lookalikes_alerted"] == 0
    assert all(Path(path).read_bytes().startswith(b"%PDF") for path in facts["briefings"])
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes()
        except OSError:
            continue
        assert str(home).encode() not in words
