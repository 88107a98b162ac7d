"""Surnames that are declined by gender: Ivanov and Ivanova, Papadopoulos and Papadopoulou.

Abroad such a name is written as in the passport, and a family has both forms; some offices write
one for all. Endings are those of folds.
"""

from __future__ import annotations

from collections.abc import Callable

MIN_STEM = 3
"""Letters that two forms of one surname share."""

ENDINGS: tuple[tuple[str, str], ...] = (
    # (the man's, the woman's)
    ("ov", "ova"), ("ev", "eva"), ("in", "ina"), ("iv", "iva"),
    ("ski", "ska"), ("ski", "skaia"), ("Zki", "Zka"), ("Zki", "Zkaia"), ("ki", "ka"),
    ("i", "aia"), ("oi", "aia"), ("ni", "na"), ("ti", "ta"), ("vi", "va"), ("li", "la"),
    ("ri", "ra"), ("hi", "ha"), ("Hi", "Ha"), ("Ci", "Ca"),
    ("", "ova"), ("a", "ova"), ("ek", "kova"), ("ek", "Zova"), ("ez", "Zova"), ("eZ", "Zova"),
    ("el", "lova"), ("er", "rova"), ("o", "ova"),
    ("os", "u"), ("is", "i"), ("as", "a"), ("us", "u"), ("is", "u"), ("ks", "ki"),
    ("as", "iene"), ("as", "aite"), ("is", "iene"), ("is", "ite"), ("us", "iene"),
    ("us", "ute"), ("a", "iene"), ("a", "aite"), ("as", "e"), ("is", "e"),
    ("s", "a"), ("C", "a"), ("is", "a"), ("iC", "a"), ("son", "sdotir"),
)  # fmt: skip


HIS_BY_HERS: tuple[tuple[str, str], ...] = (
    ("pulu", "pulos"), ("idu", "idis"), ("adu", "adis"), ("aku", "akis"), ("iene", "as"),
    ("aite", "as"), ("ite", "is"), ("ute", "us"), ("sdotir", "son"),
)  # fmt: skip
"""Endings that only a woman's surname has, and the man's."""

_HERS = tuple(hers for hers, _ in HIS_BY_HERS)


def his(fold: str, is_surname: Callable[[str], bool]) -> str:
    """A woman's surname in the man's form, as far as it can be told; else ``fold``.

    Czech and Slovak add -ova to any surname, so only to a known one it can be taken off.
    """
    if fold.endswith("ova") and len(fold) > MIN_STEM + 3:
        stem = fold[:-3]
        for man in (stem, stem + "a", f"{stem[:-1]}e{stem[-1]}"):
            if is_surname(man):
                return man
    if not fold.endswith(_HERS):
        return fold
    for hers, other in HIS_BY_HERS:
        if fold.endswith(hers) and len(fold) > len(hers) + 1:
            return fold.removesuffix(hers) + other
    return fold


def is_gendered(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether a fold of one side is the other gender's form of a fold of the other side."""
    for a in first:
        for b in second:
            if a[:MIN_STEM] == b[:MIN_STEM] and (_declined(a, b) or _declined(b, a)):
                return True
    return False


def _declined(man: str, woman: str) -> bool:
    return any(
        woman.endswith(hers)
        and man.endswith(his)
        and len(stem := man.removesuffix(his)) >= MIN_STEM
        and woman == stem + hers
        for his, hers in ENDINGS
    )
