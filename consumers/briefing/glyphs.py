"""Which characters the bundled fonts can show, and what stands in for the others.

A character that cannot be shown is never dropped: it appears as a box, and its code point is
written beside the text. So are direction overrides and other invisible characters, with which
a name could be made to look like another.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

BOX = "□"
JOINERS = "\u200c\u200d"
"""Zero width, but part of the spelling in Persian, Devanagari and others."""

Fonts = frozenset[str]
"""Names of font files."""

_STRONG_RIGHT = ("R", "AL")
_UNICODE_TABLES = ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3))


def readable(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with a box for each character that cannot be shown, and their code points.

    Composed first (NFC), because fonts have more composed characters than marks to place. A mark
    and the letter that carries it must be in one font. Line breaks are kept.
    """
    shown: list[str] = []
    missing: list[str] = []
    fonts: Fonts = frozenset()
    for character in unicodedata.normalize("NFC", text):
        joined = unicodedata.category(character).startswith("M") and bool(shown)
        able = _fonts_of(character)
        if character == "\n" or character in JOINERS:
            shown.append(character)
        elif able & fonts if joined else able:
            fonts = able & fonts if joined else able
            shown.append(character)
        else:
            fonts = _fonts_of(BOX)
            shown.append(BOX)
            missing.append(f"U+{ord(character):04X}")
    return "".join(shown), tuple(dict.fromkeys(missing))


def right_to_left(text: str) -> bool:
    """Whether the first character with a direction runs to the left (UAX #9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _STRONG_RIGHT:
            return True
        if direction == "L":
            return False
    return False


@cache
def font_directory() -> Traversable:
    """Where the bundled fonts are."""
    return resources.files("consumers.briefing").joinpath("fonts")


@cache
def _fonts_of(character: str) -> Fonts:
    """The fonts that can show ``character``; none for what is not meant to be seen."""
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        return frozenset()
    return frozenset(name for name, covered in _coverage().items() if ord(character) in covered)


@cache
def _coverage() -> dict[str, frozenset[int]]:
    """By font, every code point that it has a glyph for."""
    return {
        font.name: frozenset(
            code for first, last in _ranges(font.read_bytes()) for code in range(first, last + 1)
        )
        for font in font_directory().iterdir()
        if font.name.endswith(".ttf")
    }


def _ranges(font: bytes) -> Iterator[tuple[int, int]]:
    """The code points in a font's character map (OpenType, table ``cmap``), as ranges."""
    tables = struct.unpack_from(">H", font, 4)[0]
    directory = (struct.unpack_from(">4sLLL", font, 12 + 16 * i) for i in range(tables))
    start = next(offset for tag, _, offset, _ in directory if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    maps = {
        (platform, encoding): start + offset
        for platform, encoding, offset in (
            struct.unpack_from(">HHL", font, start + 4 + 8 * i) for i in range(count)
        )
    }
    at = next(maps[kind] for kind in _UNICODE_TABLES if kind in maps)
    if struct.unpack_from(">H", font, at)[0] == 12:
        groups = struct.unpack_from(">L", font, at + 12)[0]
        for i in range(groups):
            first, last, _ = struct.unpack_from(">LLL", font, at + 16 + 12 * i)
            yield first, last
    else:
        segments = struct.unpack_from(">H", font, at + 6)[0] // 2
        lasts = struct.unpack_from(f">{segments}H", font, at + 14)
        firsts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
        yield from (pair for pair in zip(firsts, lasts, strict=True) if pair[0] != 0xFFFF)
