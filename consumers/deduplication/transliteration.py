"""The one adapter for anyascii: any script to ASCII, for what our own tables do not cover."""

from __future__ import annotations

from anyascii import anyascii


def to_ascii(text: str) -> str:
    """``text`` in ASCII letters; ideographs and syllables come out capitalised (``WangXiao``)."""
    return anyascii(text)
