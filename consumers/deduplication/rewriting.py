"""Rules that rewrite a word, one after the other; most say nothing about most words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Rule = tuple[str, Callable[[str, str], str], str]
"""Letters that every word it changes has in a row, how it is applied, and what it writes.

The letters are looked for first: that costs a tenth of a search for the pattern.
"""


def rules(rows: Iterable[tuple[str, str, str]]) -> tuple[Rule, ...]:
    """From needed letters (empty where there are none), patterns and what is written for them."""
    return tuple((needed, re.compile(pattern).sub, code) for needed, pattern, code in rows)


def rewritten(word: str, by: Iterable[Rule]) -> str:
    """``word`` after every rule in ``by``, in order."""
    for needed, substitute, code in by:
        if needed in word:
            word = substitute(code, word)
    return word
