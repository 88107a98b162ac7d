"""What arrivals, withdrawals and verdicts change in the graph of links."""

from __future__ import annotations

from typing import Any

from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.engine import Engine
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import keys_of
from consumers.deduplication.links import Subject, link
from consumers.deduplication.rarity import Rarity
from consumers.deduplication.store import MemoryStore
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, subject
from tests.fakes.notifications import CREATED


def made(reference: str, origin: str = "FR", **about: Any) -> Subject:
    return subject_of(subject(reference, origin, **about), CREATED)


def observe(engine: Engine, one: Subject) -> list[Any]:
    return list(engine.observe(one, keys_of(one.features, one.mode.value)))


def test_who_arrives_is_not_among_those_who_came_before() -> None:
    """What only one other has is not rare by one less: the newcomer is no holder yet."""
    mail = {"identifiers": (("email", "somebody@courrier.example"),)}
    one, other = made("FR-1", **ANNA, **mail), made("DE-1", "DE", **ANNA_ABROAD, **mail)
    engine = Engine(KeyIndex(MemoryStore()))
    observe(engine, one)
    (change,) = observe(engine, other)
    before = Rarity(1, dict.fromkeys(one.features.counted, 1).__getitem__)
    assert change.after == link(one, other, before)
