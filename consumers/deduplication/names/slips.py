"""Slips of the keyboard, the pen and the reading machine between two plain words."""

from __future__ import annotations

MIN_LETTERS = 5
"""Below, one letter makes another name; four are enough where the first agrees."""
LONG = 10
"""Letters from which a word has room for two slips."""

MISREAD = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("li", "h"), ("ii", "u"), ("nn", "m"))
"""What a machine reads for each other and is more than one letter."""


def is_slip(a: str, b: str) -> bool:
    """Whether one letter too many, too few, another or swapped lies between ``a`` and ``b``."""
    shorter = min(len(a), len(b))
    if shorter < MIN_LETTERS and (shorter < MIN_LETTERS - 1 or a[0] != b[0]):
        return False
    if abs(len(a) - len(b)) > 1 and shorter < LONG:
        return False
    return _one_step(a, b) or _misread(a, b) or (shorter >= LONG and _two_steps(a, b))


def is_swap(a: str, b: str) -> bool:
    """Whether two letters beside each other are swapped: the one slip that few names are apart."""
    a, b = differing(a, b)
    return len(a) == 2 == len(b) and a == b[::-1]


def _one_step(a: str, b: str) -> bool:
    a, b = differing(a, b)
    if len(a) + len(b) < 3:
        return len(a) < 2 and len(b) < 2
    return is_swap(a, b)


def _two_steps(a: str, b: str) -> bool:
    a, b = differing(a, b)
    if abs(len(a) - len(b)) > 2:
        return False
    heads = ((a[1:], b[1:]), (a[1:], b), (a, b[1:]), (a[2:], b[2:] if a[:2] == b[1::-1] else b))
    return any(_one_step(x, y) for x, y in heads)


def differing(a: str, b: str) -> tuple[str, str]:
    """Both without the beginning and the end that they share."""
    end = min(len(a), len(b))
    start = 0
    while start < end and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    end = min(len(a), len(b))
    last = 0
    while last < end and a[-1 - last] == b[-1 - last]:
        last += 1
    return (a[:-last], b[:-last]) if last else (a, b)


def _misread(a: str, b: str) -> bool:
    for two, one in MISREAD:
        if (two in a or two in b) and a.replace(two, one) == b.replace(two, one):
            return True
    return False
