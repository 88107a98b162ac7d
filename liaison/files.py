"""Files that are there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes JSON Lines beside ``path`` and moves them into place when they are complete."""
    part = path.with_name(f".{path.name}.part")
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    try:
        with part.open("w", encoding="utf-8") as out:
            out.writelines(encode(row) + "\n" for row in rows)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
