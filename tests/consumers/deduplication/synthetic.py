"""Hypothesis strategies for invented subjects who have enough in common to be compared."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from consumers.deduplication.features import BirthDate, Features, extract
from schemas.markings import Role
from tests.consumers.deduplication.support import subject

WRITTEN = (
    "Aurélie Quincampoix",
    "QUINCAMPOIX Aurelie Marie",
    "A. Quincampoix",
    "Lena Wackernhold",
    "Elena Wackernhold-Ostrowitz",
    "Helena Ostrowitz",
    "Ana Maria Silva",
    "Anamaria da Silva",
    "Silva",
    "Maria",
    "Юлия Хрущёва",
    "Ioulia Khrouchtcheva",
    "Ivan Petrovich Zhuravlyov",
    "Ivan Zhuravlyova jr",
    "王小明",
    "Wang Xiaoming",
    "قتيبة الحردان",
    "Qutaiba al-Hardan",
    "Mohamed Ahmed Mohamed",
    "Marek Tobiasz Wyrobek sr",
)
_PICTURE = int("5a" * 32, 16)

birth_dates = st.builds(
    lambda year, month, day: BirthDate(year, month, day if month else 0),
    st.sampled_from((2008, 2009, 2010, 2018, 2080)),
    st.sampled_from((0, 1, 2, 3, 12)),
    st.sampled_from((0, 1, 2, 3, 12, 31)),
)
names = st.lists(
    st.sampled_from(WRITTEN) | st.lists(st.sampled_from(WRITTEN), min_size=2).map(" ".join),
    max_size=2,
).map(tuple)
identifiers = st.lists(
    st.tuples(
        st.sampled_from(("email", "phone", "username", "national-id", "wallet", "device", "ip")),
        st.sampled_from(("nightowl77", "nightowl78", "nightowl7", "owl", "+33639980001")),
        st.sampled_from((None, "pixelhaus", "kleintalk")),
    ).map(lambda i: (i[0], i[1], i[2])),
    max_size=3,
).map(tuple)
pictures = st.sampled_from((0, 1, (1 << 31) - 1, (1 << 32) - 1, 1 << 255)).map(
    lambda flipped: ("pdq", f"{_PICTURE ^ flipped:064x}")
)
media = st.lists(
    pictures | st.sampled_from((("md5", "ab" * 16), ("sha1", "cd" * 20))), max_size=3
).map(tuple)


def _written(birth: BirthDate | None) -> str | None:
    if birth is None:
        return None
    parts = [f"{birth.year}", *(f"{part:02}" for part in (birth.month, birth.day) if part)]
    return "-".join(parts)


abouts: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "role": st.sampled_from((Role.VICTIM, Role.OFFENDER)),
        "names": names,
        "birth_date": (st.none() | birth_dates).map(_written),
        "sex": st.sampled_from((None, "f", "m", "x")),
        "nationalities": st.sampled_from(((), ("FR",), ("DE", "FR"), ("PH",))),
        "identifiers": identifiers,
        "media": media,
        "series": st.sampled_from((None, "Lune noire", "Blue Lighthouse")),
    }
)
"""What identifications may say, as ``support.subject`` takes it."""

features: st.SearchStrategy[Features] = abouts.map(lambda about: extract(subject("X", **about)))
