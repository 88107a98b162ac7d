"""Match keys: two subjects are compared when they share one.

A key is a short digest of a feature class and a value, of one size whatever it is of. Not salted:
it protects nothing by itself, and must be the same at every node; blind mode is another function of
the same classes.

Every class that can carry a link has keys of its own. What only supports one (pictures, series,
devices, addresses) has keys together with a word of the name or the birth date: a viral picture
costs no comparison with everybody who has it, and a pair it could support is found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b
from itertools import combinations, islice
from typing import NamedTuple

from consumers.deduplication.features import BirthDate, Features
from consumers.deduplication.names import Token
from consumers.deduplication.names.lexicon import FREQUENT, VERY_FREQUENT
from consumers.deduplication.pdq.hashes import is_near

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


_key: Callable[[tuple[bytes, str]], Key] = partial(tuple.__new__, Key)
"""As the class itself, at half the cost: a subject has a score of them."""

_begun = blake2b(digest_size=KEY_BYTES).copy
"""A digest to be fed; a copy of one that is made costs less than making it."""

_Found = dict[str, str]
"""What is digested, in the order of the keys, and the class that each is of."""


def keys_of(features: Features, mode: str) -> tuple[Key, ...]:
    """The keys of a subject, most promising first; ``mode`` keeps exercise data apart."""
    found: _Found = {}
    for kind, value, _ in features.accounts:
        if kind in CARRYING:
            found[f"{mode}\0{kind}\0{value}"] = kind
    named: _Found = {}
    for name in features.names:
        tokens = [t for t in name.tokens if not t.is_initial]
        if features.birth:
            _enter_words(named, tokens, features.birth, mode)
        _enter_pairs(named, tokens, features.birth, mode)
    found.update(named if len(named) <= MAX_NAME_KEYS else islice(named.items(), MAX_NAME_KEYS))
    _enter_support(found, features, mode)
    return _digested(found)


def _digested(found: _Found) -> tuple[Key, ...]:
    digests = []
    for text in found:
        state = _begun()
        state.update(text.encode())
        digests.append(state.digest())
    return tuple(map(_key, zip(digests, found.values(), strict=True)))


def _enter_words(found: _Found, tokens: Sequence[Token], birth: BirthDate, mode: str) -> None:
    """Each word with the birth date; a word that is the whole name with the year as well."""
    if birth.day:
        date = _either_way(birth)
        for token in tokens:
            for sound in token.sounds:
                found[f"{mode}\0name+birth-date\0{sound[:2]} {date}"] = "name+birth-date"
    if len(tokens) == 1:
        for sound in tokens[0].sounds:
            found[f"{mode}\0name+year\0{sound} {birth.year}"] = "name+year"


def _enter_pairs(
    found: _Found, tokens: Sequence[Token], birth: BirthDate | None, mode: str
) -> None:
    """Pairs of words, whatever the birth date says; frequent ones with its year."""
    for first, second in combinations(tokens[:TOKENS_IN_PAIRS], 2):
        rank = min(first.rank, second.rank)
        for one in first.sounds:
            for other in second.sounds:
                pair = f"{one} {other}" if one < other else f"{other} {one}"
                if rank < VERY_FREQUENT:
                    found[f"{mode}\0name\0{pair}"] = "name"
                if rank >= FREQUENT and birth:
                    found[f"{mode}\0name+year\0{pair} {birth.year}"] = "name+year"


def _either_way(birth: BirthDate) -> str:
    """A date whose day and month may have been swapped."""
    return f"{birth.year} {min(birth.month, birth.day)} {max(birth.month, birth.day)}"


def _enter_support(found: _Found, features: Features, mode: str) -> None:
    """What only supports, with what the subject has beside it."""
    support = [*features.media, *map(_value, pictured(features))]
    support += [f"{kind}:{value}" for kind, value, _ in features.accounts if kind not in CARRYING]
    if features.series:
        support.append(f"series:{features.series}")
    if support:
        _enter_values(found, support[:MAX_SUPPORT], features, mode)


def _enter_values(found: _Found, values: Sequence[str], features: Features, mode: str) -> None:
    beside = sorted({s for n in features.names for t in n.tokens for s in t.sounds})[:6]
    if features.birth:
        beside.append(f"{features.birth.year}")
    for value in values:
        for word in beside:
            found[f"{mode}\0name+support\0{word} {value}"] = "name+support"


def _value(picture: int) -> str:
    return f"pdq:{picture:064x}"


def pictured(features: Features) -> Sequence[int]:
    """The pictures that make keys; when not all do, one of each before near copies of it."""
    pictures = features.pictures
    if not (pictures and (features.names or features.birth)):
        return ()
    room = max(MAX_SUPPORT - len(features.media), 0)
    if len(pictures) <= room:
        return pictures
    first: list[int] = []
    for picture in pictures:
        if not any(is_near(picture, other) for other in first):
            first.append(picture)
    return (first + [picture for picture in pictures if picture not in first])[:room]


def sought(features: Features, mode: str, pictures: Sequence[int]) -> tuple[Key, ...]:
    """The keys that the subject would have with ``pictures``: of who has one near its own.

    They are asked for and not kept: a picture that has a thousand near copies makes no more keys.
    """
    found: _Found = {}
    _enter_values(found, list(map(_value, pictures)), features, mode)
    return _digested(found)
