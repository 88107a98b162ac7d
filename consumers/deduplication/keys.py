"""Match keys: two subjects are compared when they share one.

A key is a short digest of a feature class and a value, so that the index holds no values. Not
salted: it protects nothing by itself, and must be the same at every node; blind mode is another
function of the same classes.

Every class that can carry a link has keys. What only supports one (pictures, addresses, devices,
series, sex) has none: a pair it could support shares another key, and a viral picture would cost
a comparison with everybody who has it. The same holds for two frequent names without a date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from consumers.deduplication.features import Features
from consumers.deduplication.names import Name, Token, common

KEY_BYTES = 8
"""Sixty-four bits: with 10 M subjects of 10 keys, three pairs of values meet by chance."""
MAX_NAME_KEYS = 16
"""Name keys of one subject; beyond, the first in the order of its names."""
TOKENS_IN_PAIRS = 4
"""Tokens of a name that are paired: given names and surnames; more say little and cost much."""

CARRYING = frozenset({"email", "phone", "username", "national-id", "wallet"})
"""Kinds of identifier that can carry a link."""


@dataclass(frozen=True, slots=True)
class Key:
    """One match key; ``weight`` orders classes by how much meeting there promises (0 to 10)."""

    digest: str
    kind: str
    weight: int


WEIGHTS = {
    "national-id": 10, "email": 9, "username": 8, "phone": 8, "name+birth-date": 7, "wallet": 6,
    "name": 4,
}  # fmt: skip
"""Feature classes that have keys."""


def keys_of(features: Features, mode: str) -> tuple[Key, ...]:
    """The keys of a subject, most promising first; ``mode`` keeps exercise data apart."""
    found: dict[str, Key] = {}
    for kind, value in _values(features):
        key = Key(_digest(mode, kind, value), kind, WEIGHTS[kind])
        found.setdefault(key.digest, key)
    return tuple(sorted(found.values(), key=lambda k: (-k.weight, k.digest)))


def _values(features: Features) -> Iterator[tuple[str, str]]:
    for account in features.accounts:
        if account.kind in CARRYING:
            yield account.kind, account.value
    named = dict.fromkeys(v for name in features.names for v in _name_values(name, features))
    yield from list(named)[:MAX_NAME_KEYS]


def _name_values(name: Name, features: Features) -> Iterator[tuple[str, str]]:
    """Token with birth date, and pairs of tokens whatever the birth date says."""
    tokens = [t for t in name.tokens if not t.is_initial]
    birth = features.birth
    if birth and birth.is_full:
        date = f"{birth.year}-{birth.month}-{birth.day}"
        for token in tokens:
            for sound in token.sounds:
                yield "name+birth-date", f"{sound} {date}"
    rarest = sorted(tokens, key=lambda t: (_is_common(t), -len(t.folds[0])))
    for first, second in combinations(rarest[:TOKENS_IN_PAIRS], 2):
        if _is_common(first) and _is_common(second):
            continue
        for one in first.sounds:
            for other in second.sounds:
                yield "name", " ".join(sorted((one, other)))


def _is_common(token: Token) -> bool:
    return not common().isdisjoint(token.folds)


def _digest(mode: str, kind: str, value: str) -> str:
    text = f"{mode}\0{kind}\0{value}".encode()
    return hashlib.blake2b(text, digest_size=KEY_BYTES).hexdigest()
