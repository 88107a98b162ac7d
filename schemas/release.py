"""``python -m schemas.release``: writes the current contracts into ``released/``.

Run once before each release, in a checkout; the only module here that writes a file. A type
whose contract did not change since its newest release is left alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from schemas import catalogue
from schemas.evolution import check
from schemas.notifications import TYPES
from schemas.resolution import Schema


def release(
    directory: Path, earlier: Callable[[str], dict[int, Schema]] = catalogue.released
) -> list[str]:
    """Writes what is new since ``earlier`` into ``directory``; returns the names of the files.

    Raises:
        ValueError: a schema changed in a way that :mod:`schemas.evolution` forbids.
    """
    contracts = {name: catalogue.contract(name) for name in TYPES}
    problems = [
        f"{name}: {problem}"
        for name, contract in contracts.items()
        for problem in check(contract, catalogue.VERSION, earlier(name))
    ]
    if problems:
        raise ValueError("\n".join(problems))
    written = []
    for name, contract in contracts.items():
        if contract not in earlier(name).values():
            path = directory / f"{name}-{catalogue.VERSION}.avsc"
            path.write_text(json.dumps(contract, ensure_ascii=False, indent=1) + "\n", "utf-8")
            written.append(path.name)
    return written


def main() -> int:
    """The command; 1 when nothing may be released as it is."""
    try:
        written = release(Path(__file__).with_name("released"))
    except ValueError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write("".join(f"{name}\n" for name in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
