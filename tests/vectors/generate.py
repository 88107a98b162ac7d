"""Makes the test vectors of docs/relay-protocol.md: ``python -m tests.vectors.generate``.

What is random (sealed bodies, hedged signatures) is taken over from the file there is, so that
running it again changes only what has to change; ``--fresh`` makes all of it anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.vectors.cases_blocks import block_cases
from tests.vectors.cases_channel import recipient_cases, sender_cases
from tests.vectors.cases_forms import answers, forms, malformed, members, primitives
from tests.vectors.cases_items import item_cases
from tests.vectors.making import Maker
from tests.vectors.vault import Vault

FILE = Path(__file__).with_name("relay-v1.json")


def document(earlier: Any = None) -> dict[str, Any]:
    """All vectors; random parts as in ``earlier``, where it has them."""
    maker = Maker(Vault(earlier))
    return {
        "about": "Test vectors of docs/relay-protocol.md, version 1. The keys are published: "
        "use them for tests only.",
        "keys": members(),
        "primitives": primitives(maker),
        "forms": forms(maker),
        "malformed": malformed(maker),
        "blocks": block_cases(maker),
        "items": item_cases(),
        "recipient": recipient_cases(),
        "sender": sender_cases(),
        "answers": answers(maker),
    }


def written(vectors: dict[str, Any]) -> bytes:
    """As it stands in the file."""
    parts = [f"{json.dumps(name)}: {_part(value)}" for name, value in vectors.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _part(value: Any) -> str:
    """One case to a line."""
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"


def main() -> None:
    """Writes the file."""
    keep = FILE.exists() and "--fresh" not in sys.argv
    FILE.write_bytes(written(document(json.loads(FILE.read_bytes()) if keep else None)))


if __name__ == "__main__":
    main()
