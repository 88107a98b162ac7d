"""The words of a name as written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication.names import words

ELSEWHERE = "山"
"""A word in another script: a text that has it takes the way on which every letter is looked at."""

LATIN = st.text("aeioustrnlmßéöøāłșạ '`’.,-–_7²", max_size=24)


@given(LATIN)
def test_a_latin_text_has_the_words_it_has_among_those_of_other_scripts(text: str) -> None:
    """Most names are Latin letters and take a shorter way to the same words."""
    assert [*words.split(text), (ELSEWHERE, False)] == words.split(f"{text} {ELSEWHERE}")


@given(st.text("abcXYZ 'é-", max_size=12))
def test_plain_letters_are_normalised_like_any_others(text: str) -> None:
    """So are those of ASCII, for which less is looked at."""
    assert f"{words.normalised(text)} {ELSEWHERE}" == words.normalised(f"{text} {ELSEWHERE}")
