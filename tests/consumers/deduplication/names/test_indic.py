"""Names of India and Nepal: in their scripts, by passport, and by ISO 15919."""

from __future__ import annotations

from itertools import combinations

import pytest

from consumers.deduplication.names import indic, read
from consumers.deduplication.naming import names
from consumers.deduplication.rarity import NOTHING_KNOWN

WRITTEN = [
    ("गणेश घिमिरे", "Gaṇeśa Ghimire", "Ganesh Ghimire"),
    ("विकास कोइराला", "Vikāsa Koirālā", "Vikas Koirala"),
    ("अर्जुन वर्मा", "Arjuna Varmā", "Arjun Verma"),
    ("कृष्ण भट्ट", "Kr̥ṣṇa Bhaṭṭa", "Krishna Bhatt"),
    ("महेंद्र सिंघल", "Maheṁdra Siṁghala", "Mahendra Singhal"),
    ("आशा दहाल", "Āśā Dahāla", "Asha Dahal"),
]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda w: w[2])
def test_vowels_that_are_written_and_not_spoken_part_no_name(written: tuple[str, ...]) -> None:
    """ISO 15919 writes every inherent vowel, passports those that are spoken."""
    for one, other in combinations(written, 2):
        level = names(read(one), read(other), NOTHING_KNOWN)[0].level
        assert level in ("all", "all-common"), (one, other)


@pytest.mark.parametrize("text", ["Anna Bērziņa", "Yūko Satō", "Fāṭima Ḥusayn", "Śarma Wiśniewska"])
def test_other_marks_are_no_iso_15919(text: str) -> None:
    """Latvian, Hepburn, Arabic and Polish have some of its letters, and others."""
    assert not indic.is_romanised(text.casefold())
    assert len(read(text)) == 1


def test_a_long_vowel_is_spoken() -> None:
    """Kamala is a man's name without its mark, and a woman's with it."""
    assert (indic.spoken("kamala"), indic.spoken("kamalā")) == (("kamal",), ("kamla",))
