"""The jurisdictions: how often they report, how they write, who lives there, how they telephone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

_HOME = {
    "german": "DE", "english": "GB", "french": "FR", "spanish": "ES", "portuguese": "PT",
    "italian": "IT", "dutch": "NL", "swedish": "SE", "polish": "PL", "czech": "CZ",
    "hungarian": "HU", "romanian": "RO", "turkish": "TR", "vietnamese": "VN", "ethiopian": "ET",
    "nigerian": "NG", "filipino": "PH", "albanian": "AL", "lithuanian": "LT", "serbian": "RS",
    "russian": "RU", "ukrainian": "UA", "bulgarian": "BG", "greek": "GR", "georgian": "GE",
    "armenian": "AM", "korean": "KR", "arabic": "MA", "persian": "IR", "urdu": "PK",
    "hebrew": "IL", "hindi": "IN", "thai": "TH", "chinese": "CN", "japanese": "JP",
}  # fmt: skip
_SCRIPTS = {
    "BG": "cyrillic-bg", "GR": "greek", "RS": "gaj", "UA": "cyrillic-uk", "IL": "hebrew",
    "GE": "georgian", "JP": "kanji", "KR": "hangul", "TH": "thai", "IN": "devanagari",
    "MA": "arabic",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One jurisdiction.

    ``script`` is the one its own files are in besides Latin letters; ``digits`` follow a mobile
    ``prefix``; ``origins`` are names of tables with their shares.
    """

    code: str
    weight: int
    habit: str
    script: str
    trunk: str
    calling: str
    prefixes: tuple[str, ...]
    digits: int
    origins: tuple[str, ...]
    shares: tuple[int, ...]


@cache
def places() -> tuple[Place, ...]:
    """All jurisdictions."""
    text = resources.files(__package__).joinpath("data/places.txt").read_text("utf-8")
    return tuple(_place(line) for line in text.splitlines() if not line.startswith("#"))


def homeland(origin: str) -> str:
    """The nationality that people with names of ``origin`` mostly have; ISO 3166-1."""
    return _HOME[origin]


def _place(line: str) -> Place:
    own, _, people = line.partition(" | ")
    code, weight, habit, trunk, calling, prefixes, digits = own.split()
    listed = people.split()
    return Place(
        code,
        int(weight),
        habit,
        _SCRIPTS.get(code, "latin"),
        "" if trunk == "-" else trunk,
        calling,
        tuple(prefixes.split(",")),
        int(digits),
        tuple(listed[::2]),
        tuple(map(int, listed[1::2])),
    )
