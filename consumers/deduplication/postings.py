"""Who has one match key, as the bytes that the index keeps under it. Pure.

Numbers are little-endian, of four bytes::

    0   the numbers of the subjects that have the key
    1   the record of a key that is capped (JSON)
    2   the numbers, each followed by the packed birth date (see ``dates``): of names
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from consumers.deduplication.dates import not_apart
from consumers.deduplication.index import DATED

NUMBER = 4
"""Bytes of a subject's number, and of a packed date."""
_PLAIN, _CAPPED, _DATED = 0, 1, 2
_WIDTH = {_PLAIN: NUMBER, _DATED: 2 * NUMBER}


def held(posting: bytes) -> int:
    """How many subjects are in it."""
    return 0 if is_capped(posting) else (len(posting) - 1) // _WIDTH[posting[0]]


def numbers(posting: bytes, born: int) -> Iterable[int]:
    """Of the subjects that somebody with the packed birth date ``born`` is compared with."""
    if posting[0] == _CAPPED:
        return ()
    entries = array("I", posting[1:])
    if posting[0] == _PLAIN:
        return entries
    return not_apart(born, zip(entries[::2], entries[1::2], strict=True))


def entered(posting: bytes | None, kind: str, number: int, born: int) -> bytes:
    """With another subject in it; one that does not exist yet begins as one of ``kind``."""
    if posting is None:
        posting = bytes((_DATED if kind in DATED else _PLAIN,))
    entry = number.to_bytes(NUMBER, "little")
    return posting + (entry + born.to_bytes(NUMBER, "little") if posting[0] == _DATED else entry)


def left(posting: bytes, number: int) -> bytes:
    """Without a subject; what is capped stays so."""
    if is_capped(posting):
        return posting
    mark, width = number.to_bytes(NUMBER, "little"), _WIDTH[posting[0]]
    entries = (posting[i : i + width] for i in range(1, len(posting), width))
    return posting[:1] + b"".join(entry for entry in entries if not entry.startswith(mark))


def is_capped(posting: bytes) -> bool:
    """Whether so many have the key that it says nothing."""
    return posting[0] == _CAPPED


def capped(record: bytes) -> bytes:
    """What stands in the place of the subjects of a key that is capped."""
    return bytes((_CAPPED,)) + record


def record(posting: bytes) -> bytes:
    """Of a key that is capped."""
    return posting[1:]
