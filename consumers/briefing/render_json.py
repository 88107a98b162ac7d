"""The document as JSON: for programs, and to compare two briefings line by line. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict

from consumers.briefing.document import Document


def render_json(document: Document) -> bytes:
    """UTF-8, keys in the order of :class:`~consumers.briefing.document.Document`, one newline.

    The same document gives the same bytes.
    """
    return json.dumps(asdict(document), ensure_ascii=False, indent=2).encode() + b"\n"
