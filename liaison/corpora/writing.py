"""A corpus as two files: ``notifications.jsonl``, and ``truth.jsonl`` line by line beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from liaison.corpora.generators import Truth

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(corpus: Iterable[Truth], directory: Path) -> int:
    """Writes ``corpus`` into ``directory``, which is made where needed; how many lines it has."""
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        (directory / "notifications.jsonl").open("w", encoding="utf-8") as notifications,
        (directory / "truth.jsonl").open("w", encoding="utf-8") as truth,
    ):
        for line, person, families in corpus:
            notifications.write(_ENCODE(line) + "\n")
            truth.write(_ENCODE(_truth(line["reference"], person, families)) + "\n")
            count += 1
    return count


def _truth(reference: str, person: str, families: tuple[str, ...]) -> dict[str, object]:
    household = person.partition("/")[0]
    return {"reference": reference, "person": person, "household": household, "families": families}
