"""Rules that rewrite words, and the letters that are looked for before their patterns."""

from __future__ import annotations

import re
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication import romanisation as tables
from consumers.deduplication.names import japanese
from consumers.deduplication.rewriting import Rule, rewritten, rules

ALL = (*tables.GREEK_PAIRS, *tables.SPELLINGS, *tables.SOUNDS, *japanese.KUNREI)


def _pattern(rule: Rule) -> re.Pattern[str]:
    return cast("re.Pattern[str]", rule[1].__self__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: _pattern(rule).pattern)
def test_what_a_rule_changes_has_the_letters_that_it_needs(rule: Rule) -> None:
    """Otherwise a word it is for would be passed over."""

    @given(st.from_regex(_pattern(rule)))
    def check(word: str) -> None:
        assert rule[0] in word

    check()


def test_a_rule_sees_what_the_one_before_it_wrote() -> None:
    """They are in an order, each with or without needed letters."""
    assert rewritten("szcz", rules((("z", "sz", "s"), ("", "scz", "x"), ("y", "x", "")))) == "x"
