"""The judge on a corpus that is small enough to count by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from liaison.corpora.evaluation import evaluate
from schemas.errors import InputRefused

TRUTH = [
    ("r0", "1/0", ["siblings"]),
    ("r1", "1/0", ["siblings", "typo", "origin:greek"]),
    ("r2", "1/1", ["siblings"]),
    ("r3", "2/0", ["namesakes"]),
    ("r4", "3/0", []),
    ("r5", "3/0", ["origin:thai"]),
    ("r6", "4/0", ["viral"]),
    ("r7", "5/0", ["viral"]),
]
LINKS = [("r1", "r0", 20, "same"), ("r0", "r2", 15, "same"), ("r3", "r4", 12, "compare"),
         ("r4", "r5", 11, "compare"), ("r6", "r7", 10, "compare")]  # fmt: skip
GROUPS = ["a", "a", "a", "b", "c", "d", "e", "f"]
ALERTS = [("r1", ["r0"]), ("r2", ["r0"]), ("r4", ["r3"]), ("r5", []), ("r7", ["r6"])]


class Files:
    """The files of one run in a directory."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.write(
            "truth",
            [
                {"reference": r, "person": p, "household": p.split("/")[0], "families": f}
                for r, p, f in TRUTH
            ],
        )
        self.write("links", [{"a": a, "b": b, "score": s, "decision": d} for a, b, s, d in LINKS])
        self.write("groups", [{"reference": f"r{i}", "group": g} for i, g in enumerate(GROUPS)])
        self.write("alerts", [{"reference": r, "matches": m} for r, m in ALERTS])

    def write(self, name: str, lines: list[dict[str, Any]]) -> None:
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (self.home / f"{name}.jsonl").write_text(text, "utf-8")

    def evaluate(self) -> dict[str, Any]:
        names = ("truth", "links", "groups", "alerts")
        return evaluate(*(self.home / f"{name}.jsonl" for name in names))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_report(files: Files) -> None:
    """Every figure is the one that counting gives."""
    report = files.evaluate()
    assert (report["notifications"], report["persons"], report["true_pairs"]) == (8, 6, 2)
    assert report["closure"] == {"threshold": 20.0, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert report["groups"] == {"precision": 0.3333, "recall": 0.5, "f1": 0.4}
    assert report["recall_at_precision_99"] == 0.5
    assert report["same"] == {"pairs": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert report["alerts"] == {
        "due": 2,
        "told": 4,
        "recall": 0.5,
        "pair_recall": 0.5,
        "false_alerts_per_1000": 375.0,
        "false_pairs_per_1000": 375.0,
    }


def test_families(files: Files) -> None:
    """A pair counts for the families of either side; a pair without any has a row of its own."""
    families = files.evaluate()["families"]
    assert families["typo"] == {"pairs": 1, "scored": 1.0, "same": 1.0, "grouped": 1.0, "told": 1.0}
    assert families["none"] == {"pairs": 1, "scored": 1.0, "same": 0.0, "grouped": 0.0, "told": 0.0}
    assert families.keys() == {"typo", "siblings", "none", "origin:greek", "origin:thai"}


def test_kinds_of_false_pairs(files: Files) -> None:
    """False pairs are told apart by who the two are to each other."""
    assert files.evaluate()["false_pairs"] == {
        "same": {"siblings": 1},
        "compare": {"namesakes": 1, "viral": 1},
        "alerts": {"siblings": 1, "namesakes": 1, "viral": 1},
    }


@pytest.mark.parametrize(
    ("name", "lines", "problem"),
    [
        (
            "links",
            [{"a": "r0", "b": "r1", "score": 1, "decision": "same"}] * 2,
            "line 2 of the links file names a pair that came before, or a line with itself",
        ),
        (
            "links",
            [{"a": "r0", "b": "r1", "score": 1, "decision": "maybe"}],
            "line 1 of the links file lacks a field, or has a value not known here",
        ),
        (
            "groups",
            [{"reference": "r0", "group": "a"}],
            "the groups file lacks 7 references of the truth",
        ),
        (
            "alerts",
            [{"reference": "r1", "matches": ["r2"]}],
            "line 1 of the alerts file has a reference that came before, or a match that came",
        ),
    ],
)
def test_refusals(files: Files, name: str, lines: list[dict[str, Any]], problem: str) -> None:
    """Files that are not those of one run are refused."""
    files.write(name, lines)
    with pytest.raises(InputRefused, match=f"^{problem}"):
        files.evaluate()


def test_not_json(files: Files) -> None:
    """A file of another format is refused."""
    (files.home / "links.jsonl").write_text("a,b,score\n", "utf-8")
    with pytest.raises(InputRefused, match="the links file is not JSON Lines in UTF-8"):
        files.evaluate()
