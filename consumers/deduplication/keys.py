"""Match keys: two subjects are compared when they share one.

A key is a short digest of a feature class and a value, of one size whatever it is of. Not salted:
it protects nothing by itself, and must be the same at every node; blind mode is another function of
the same classes.

Every class that can carry a link has keys of its own. What only supports one (pictures, series,
devices, addresses) has keys together with a word of the name or the birth date: a viral picture
costs no comparison with everybody who has it, and a pair it could support is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
from typing import NamedTuple

from consumers.deduplication.features import BirthDate, Features
from consumers.deduplication.names import Name
from consumers.deduplication.names.lexicon import FREQUENT, VERY_FREQUENT

KEY_BYTES = 8
"""Sixty-four bits: with 10 M subjects of 20 keys, a dozen pairs of values meet by chance."""
MAX_NAME_KEYS = 48
"""Name keys of one subject; beyond, the first in the order of its names."""
TOKENS_IN_PAIRS = 5
"""Words of a name that are paired: given names and surnames; more say little and cost much."""
MAX_SUPPORT = 12
"""Pictures, files, devices and addresses of one subject that make keys with its words."""

CARRYING = frozenset({"email", "phone", "username", "national-id", "wallet"})
"""Kinds of identifier that can carry a link."""


class Key(NamedTuple):
    """One match key, and the feature class it is of."""

    digest: bytes
    kind: str


def keys_of(features: Features, mode: str) -> tuple[Key, ...]:
    """The keys of a subject, most promising first; ``mode`` keeps exercise data apart."""
    values = dict.fromkeys(_values(features))
    return tuple(Key(_digest(f"{mode}\0{kind}\0{value}"), kind) for kind, value in values)


def _values(features: Features) -> Iterator[tuple[str, str]]:
    for account in features.accounts:
        if account.kind in CARRYING:
            yield account.kind, account.value
    named = dict.fromkeys(v for name in features.names for v in _name_values(name, features))
    yield from list(named)[:MAX_NAME_KEYS]
    yield from _support_values(features)


def _name_values(name: Name, features: Features) -> Iterator[tuple[str, str]]:
    """Words with the birth date as far as it is known, and pairs of words whatever it says."""
    tokens = [t for t in name.tokens if not t.is_initial]
    birth = features.birth
    if birth and birth.is_full:
        date = _either_way(birth)
        for token in tokens:
            for sound in token.sounds:
                yield "name+birth-date", f"{sound[:1]} {date}"
    for first, second in combinations(tokens[:TOKENS_IN_PAIRS], 2):
        rank = min(first.rank, second.rank)
        for one in first.sounds:
            for other in second.sounds:
                pair = " ".join(sorted((one, other)))
                if rank < VERY_FREQUENT:
                    yield "name", pair
                if rank >= FREQUENT and birth:
                    yield "name+year", f"{pair} {birth.year}"
    if birth and len(tokens) < 2:
        yield from (("name+year", f"{s} {birth.year}") for t in tokens for s in t.sounds)


def _either_way(birth: BirthDate) -> str:
    """A date whose day and month may have been swapped."""
    return f"{birth.year} {min(birth.month, birth.day)} {max(birth.month, birth.day)}"


def _support_values(features: Features) -> Iterator[tuple[str, str]]:
    support = [*features.media, *(f"pdq:{p:064x}" for p in features.pictures)]
    support += [f"{a.kind}:{a.value}" for a in features.accounts if a.kind not in CARRYING]
    if features.series:
        support.append(f"series:{features.series}")
    for value in support[:MAX_SUPPORT]:
        for word in sorted({s for n in features.names for t in n.tokens for s in t.sounds})[:6]:
            yield "name+support", f"{word} {value}"
        if features.birth:
            yield "name+support", f"{features.birth.year} {value}"


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=KEY_BYTES).digest()
