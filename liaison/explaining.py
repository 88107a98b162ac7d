"""``liaison dedup explain``: two cases that this node holds, compared; no value of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from consumers import casebook
from consumers.deduplication import overview
from consumers.deduplication.company import certainties, company
from consumers.deduplication.dates import not_apart, packed
from consumers.deduplication.explaining import Field, explain_held
from consumers.deduplication.index import DATED, CappedKey
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import Key, keys_of, pictured, sought
from consumers.deduplication.links import Link, Subject
from consumers.deduplication.score import COMPARE, SAME
from liaison.configuration import Configuration
from producers.database import Connection
from producers.intake.moments import iso
from schemas.errors import InputRefused
from schemas.identities import pair_id

_FOREIGN = re.compile(r"([A-Z]{2})/(.+)", re.DOTALL)


def explain_pair(
    connection: Connection, configuration: Configuration, first: str, second: str
) -> dict[str, Any]:
    """How two cases compare now, what is stored of the pair, and what keeps them apart if not that.

    Args:
        connection: of the node's database; nothing is written.
        configuration: of this node.
        first: a reference of ours, ``CODE/REFERENCE``, or an id.
        second: the same.

    Raises:
        InputRefused: one of them is not held here, or several have the reference.
        ConfigurationInvalid: the match index is lost.
    """
    with overview.reading(connection, configuration.index_home) as index:
        return _explain(connection, index, configuration, first, second)


def _explain(
    connection: Connection, index: KeyIndex, configuration: Configuration, first: str, second: str
) -> dict[str, Any]:
    own = configuration.jurisdiction
    a, b = (_subject(connection, index, own, name) for name in (first, second))
    if a.root == b.root:
        raise InputRefused(
            "both are the same case", remedy="name two cases; `liaison cases list` shows them"
        )
    found = explain_held(index, a, b)
    shared, capped = _keys(index, a, b)
    stored = index.link(pair_id(a.root, b.root))
    return {
        "a": _named(a),
        "b": _named(b),
        "fields": [_field(field) for field in found.fields],
        "prior": found.prior,
        "chance": found.chance,
        "sum": found.total,
        "compare_from": COMPARE,
        "same_from": SAME,
        "decision": found.decision.value if found.decision else None,
        "strength": found.strength.value,
        "rules": list(found.rules),
        "keys": [_key(key, capped.get(key.digest.hex())) for key in shared],
        "link": _link(stored) if stored else None,
        "company": _company(index, a, b),
        "verdicts": [
            {"jurisdiction": one.jurisdiction, "verdict": one.verdict.value}
            for one in index.rulings(*sorted((a.root, b.root)))
        ],
        "notes": list(_notes(configuration, a, b, shared, capped, stored)),
    }


def _subject(connection: Connection, index: KeyIndex, own: str, name: str) -> Subject:
    """The subject that ``name`` names."""
    root = name if index.age(name) else _root(connection, own, name)
    found = index.get(root) if root else None
    if found is not None:
        return found
    if root is None:
        raise InputRefused(
            f"no case {name!r} is held here",
            remedy="give a reference of yours, CODE/REFERENCE for another jurisdiction's, or an id:"
            " `liaison cases list --type identification`",
        )
    raise InputRefused(
        f"the case {name!r} is in the casebook, and not in the match index",
        remedy="only identifications are compared, unless they were cancelled; if it has just come,"
        " `liaison dedup status` says how far the deduplication is behind",
    )


def _root(connection: Connection, own: str, name: str) -> str | None:
    """The case chain, by id, by a reference of ours, by another's, or by anybody's only one."""
    foreign = _FOREIGN.fullmatch(name)
    entry = casebook.get(connection, name, own)
    if entry is None and foreign is not None:
        entry = casebook.get(connection, foreign[2], foreign[1])
    if entry is None:
        found = {e.origin for e in casebook.search(connection, reference=name, content=False)}
        if len(found) > 1:
            raise InputRefused(
                f"{len(found)} jurisdictions have a case {name!r}: {', '.join(sorted(found))}",
                remedy=f"say whose: {min(found)}/{name}",
            )
        entry = casebook.get(connection, name)
    return entry.root if entry else None


def _keys(index: KeyIndex, a: Subject, b: Subject) -> tuple[list[Key], dict[str, CappedKey]]:
    """The keys by which one finds the other, by near pictures, too; and which are capped."""
    keys_a, keys_b = (keys_of(s.features, s.mode.value) for s in (a, b))
    near = [picture for picture in pictured(b.features) if a.features.has_near(picture)]
    crowds = {picture: index.crowds_near(picture) for picture in near}
    told = dict.fromkeys(crowd for found in crowds.values() for crowd in found)
    wanted = sought(a.features, a.mode.value, [p for p in near if not crowds[p]])
    shared = [key for key in dict.fromkeys((*keys_a, *wanted)) if key in keys_b]
    capped = {one.key: one for one in (*index.capped(shared), *told)}
    return [*shared, *(Key(bytes.fromhex(one.key), one.kind) for one in told)], capped


def _born_apart(a: Subject, b: Subject) -> bool:
    """Whether the index leaves one out as a candidate for the other."""
    mine, yours = packed(a.features.birth), packed(b.features.birth)
    return not list(not_apart(mine, [(0, yours)]))


def _named(subject: Subject) -> dict[str, Any]:
    return {
        "jurisdiction": subject.origin,
        "reference": subject.reference,
        "id": subject.root,
        "mode": subject.mode.value,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "field": field.field,
        "level": ", ".join(field.levels),
        "weight": field.weight,
        "words": field.words,
    }


def _key(key: Key, capped: CappedKey | None) -> dict[str, Any]:
    since = iso(capped.since) if capped else None
    return {"kind": key.kind, "key": key.digest.hex(), "capped_since": since}


def _link(link: Link) -> dict[str, Any]:
    return {
        "pair": link.pair,
        "score": link.total,
        "decision": link.decision.value,
        "version": link.version,
        "retracted": link.retracted.value if link.retracted else None,
    }


def _company(index: KeyIndex, a: Subject, b: Subject) -> dict[str, Any] | None:
    """How sure the pair is in the company of all that the two are linked with."""
    pair = tuple(sorted((a.root, b.root)))
    links = company(a.root, index.links_of)
    for one in certainties(links, index.features, index.is_confirmed):
        if (one.first, one.second) == pair:
            return {"score": one.total, "decision": one.decision.value}
    return None


def _notes(
    configuration: Configuration,
    a: Subject,
    b: Subject,
    shared: Sequence[Key],
    capped: dict[str, CappedKey],
    stored: Link | None,
) -> Iterator[str]:
    """What the figures do not say: why a pair was never compared, or counts for other reasons."""
    if a.mode is not b.mode:
        yield f"{a.mode.value} and {b.mode.value} data never meet"
    if not configuration.is_hub and configuration.jurisdiction not in (a.origin, b.origin):
        yield "neither is ours: a contact point compares its own cases, a hub all that it is sent"
    if a.origin == b.origin:
        yield "both are of one jurisdiction: nobody is alerted of such a link"
    moment = max(a.seen_at, b.seen_at)
    if any(s.valid_until is not None and s.valid_until <= moment for s in (a, b)):
        yield "one was no longer valid when the other came"
    if not shared:
        yield "they share no key: they were never compared"
    elif len(capped) == len(shared):
        yield "all keys they share are capped: met since then, they are not compared"
    elif all(key.kind in DATED for key in shared) and _born_apart(a, b):
        yield "they share words of a name and were born on other days: they are not compared"
    if stored is not None and stored.retracted is not None:
        yield f"the link no longer counts: {stored.retracted.value}"
