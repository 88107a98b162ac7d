"""The bench of the matching engine: it judges everybody alike, and knows what order may change."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from liaison.bench.dedup import order
from liaison.bench.dedup.dictionary import HOLDERS, join
from liaison.bench.dedup.plain import Plain, read
from liaison.cli import cli
from liaison.corpora.outputs import Link

EVERYBODY = {
    "notifications_per_second", "notifications_per_cpu_second", "closure_f1",
    "recall_at_precision_99", "same_precision", "same_recall",
}  # fmt: skip
ARRIVALS = {"alerts_recall", "false_alerts_per_1000"}


def silent(_text: str) -> None:
    pass


def lines(*about: dict[str, Any]) -> list[bytes]:
    """Notifications with references of their own."""
    return [
        json.dumps({"type": "identification", "reference": f"R{number}", "jurisdiction": "FR",
                    "role": "victim", "recipients": ["XI"], **one}).encode() + b"\n"
        for number, one in enumerate(about)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """A run where splink is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "splink", None)
        run = CliRunner().invoke(
            cli, ["bench", "dedup", "--notifications", "2000", "--larger", "300",
                  "--output", "json"],
        )  # fmt: skip
    assert run.exit_code == 0, run.stderr
    assert "making 2000 notifications\n" in run.stderr
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def test_figures(found: dict[str, Any]) -> None:
    """Everybody has the same figures, and the engine finds more than exact joins do."""
    assert found.keys() > EVERYBODY | ARRIVALS
    assert found["dictionary"].keys() == EVERYBODY | ARRIVALS
    assert found["notifications"] == 2000
    assert 1 > found["closure_f1"] > 0.9 > found["dictionary"]["closure_f1"] > 0.5
    assert found["alerts_recall"] > 0.9 > found["dictionary"]["alerts_recall"] > 0.5
    for name, ratio in found["ratio_to_dictionary"].items():
        assert ratio == round(found[name] / found["dictionary"][name], 3)
    assert found["p99_ms"] > found["p50_ms"] > 0
    assert found["peak_memory_bytes"] > 1_000_000
    assert found["index_bytes"] > 2000 * 100
    assert found["on_disk"]["notifications_per_second"] > 0


def test_without_splink(found: dict[str, Any]) -> None:
    """What is not installed is left out, and what installs it is said."""
    assert (found["splink"], found["ratio_to_splink"]) == (None, None)
    assert found["splink_missing"] == (
        "splink, which this bench compares with, is not installed: "
        "run `make setup-bench` in the checkout"
    )


def test_order(found: dict[str, Any]) -> None:
    """Where frequencies are held, the order changes nothing; as it is, a little."""
    live, held = found["shuffled"]["live"], found["shuffled"]["frequencies_held"]
    assert live["scores"] > 0
    assert 0 <= live["links_share"] < 0.05
    assert held["pairs"] > 1000
    assert (held["links"], held["decisions"], held["scores"]) == (0, 0, 0)


def test_larger(found: dict[str, Any]) -> None:
    """The other corpus is run as well, and what is lost there is told."""
    larger = found["larger"]
    assert larger["notifications"] == 300
    assert larger["closure_f1_lost"] == round(found["closure_f1"] - larger["closure_f1"], 4)
    assert larger["throughput_lost"] > 0


def test_table(tmp_path: Path) -> None:
    """A corpus of one's own, for people: the figures side by side."""
    source, truth = tmp_path / "in.jsonl", tmp_path / "truth.jsonl"
    one = {"names": ["Aurélie Quincampoix"], "birth_date": "2012-05-17"}
    source.write_bytes(b"".join(lines(one, one)))
    rows = [{"reference": f"R{n}", "person": "p", "families": []} for n in range(2)]
    truth.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    words = ["bench", "dedup", "--input", str(source), "--truth", str(truth)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "splink", None)
        run = CliRunner().invoke(cli, words)
    assert run.exit_code == 0, run.stderr
    table = {row.split()[0]: row.split()[1:] for row in run.stdout.splitlines() if row}
    assert table["closure_f1"] == ["1.0", "-", "1.0", "1.0"]
    assert table["FIGURE"] == ["ENGINE", "ON", "DISK", "DICTIONARY", "RATIO", "TO", "DICTIONARY"]
    assert table["live"][:3] == ["1", "0", "0"]


def test_seed_of_the_weights() -> None:
    """Nothing is measured on what the weights were learned from."""
    run = CliRunner().invoke(cli, ["bench", "dedup", "--seed", "1"])
    assert run.exit_code == 2
    assert run.stderr == (
        "Error: the weights were learned from seed 1\n  what to do: choose another --seed\n"
    )


def test_corpus_that_is_refused(tmp_path: Path) -> None:
    """A line that the engine would not take is named, and nothing is measured."""
    source, truth = tmp_path / "in.jsonl", tmp_path / "truth.jsonl"
    source.write_bytes(b"".join(lines({"names": ["Anna Berg"]}, {"surname": "Berg"})))
    truth.write_text("", "utf-8")
    words = ["bench", "dedup", "--input", str(source)]
    assert CliRunner().invoke(cli, words).exit_code == 2
    run = CliRunner().invoke(cli, [*words, "--truth", str(truth)])
    assert run.exit_code == 2
    assert "Error: line 2: surname " in run.stderr


def test_dictionary() -> None:
    """Exact joins: words of a name in any order with the date, and identifiers in one form."""
    date = {"birth_date": "2012-05-17"}
    plain = read(lines(
        {"names": ["Aurélie Quincampoix"], **date},
        {"names": ["QUINCAMPOIX, Aurelie"], **date,
         "identifiers": [{"type": "phone", "value": "+33 1 99 00 12 34"}]},
        {"names": ["Aurelie Quincampoix"], "birth_date": "2012"},
        {"identifiers": [{"type": "phone", "value": "01 99 00 12 34"}]},
    ))  # fmt: skip
    assert join(plain) == [Link(1, 0, 1, True), Link(1, 1, 3, True)]


def test_dictionary_is_spared_placeholders() -> None:
    """A value that too many have says nothing from then on."""
    one = Plain((), "", None, {"email": ("none@mail.example",)}, ())
    links = join([one] * (HOLDERS + 10))
    assert max(link.b for link in links) == HOLDERS


def test_caps_are_frequencies(tmp_path: Path) -> None:
    """Whom a key finds before it is capped depends on the order, unless it is held as capped."""
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"".join(lines(*[{"names": ["Aurélie Quincampoix"]}] * 60)))
    found = order.measure(source, silent)
    assert found["live"]["links"] > 0
    assert found["frequencies_held"]["pairs"] == 0
