"""The match index over a store of bytes: what is counted, what is capped, what a restart keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.deduplication.deduplicator import subject_of
from consumers.deduplication.index import CappedKey, Stats
from consumers.deduplication.key_index import KeyIndex
from consumers.deduplication.keys import Key, keys_of
from consumers.deduplication.links import Retraction, Ruling, Subject, link
from consumers.deduplication.store import MemoryStore
from schemas.markings import Verdict
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, ANOTHER, subject
from tests.consumers.deduplication.synthetic import abouts
from tests.fakes.notifications import CREATED

CAP = 3
ROOTS = ("r-1", "r-2", "r-3", "r-4", "r-5", "r-6")


def made(root: str, created: int = 0, **about: Any) -> Subject:
    one = subject(root, id=f"{root}-{created}", root=root, created=CREATED + created, **about)
    return subject_of(one, CREATED + created)


def keys(of: Subject) -> tuple[Key, ...]:
    return keys_of(of.features, of.mode.value)


def put(index: KeyIndex, one: Subject) -> None:
    index.put(one, keys(one))


def wallet(root: str, created: int = 0) -> Subject:
    return made(root, created, identifiers=(("wallet", "w-12345678"),))


def found(index: KeyIndex, of: Subject) -> list[str]:
    return [one.root for one in index.candidates(keys(of), of.features.birth)]


def test_words_and_values_are_counted_as_subjects_come_and_go() -> None:
    """Once for each subject, whatever it repeats; a later word replaces, a withdrawal takes off."""
    index = KeyIndex(MemoryStore())
    anna = made("r-1", **{**ANNA, "names": ("Aurélie Quincampoix", "Quincampoix Aurelie")})
    (surname,) = {n.tokens[1].folds[0] for n in anna.features.names[:1]}
    put(index, anna)
    put(index, made("r-2", **ANNA_ABROAD))
    assert (index.count(surname), index.population()) == (2, 2)
    put(index, made("r-2", 1, **ANOTHER))
    assert (index.count(surname), index.population()) == (1, 2)
    index.remove("r-1", "FR", (CREATED + 9, 0, "x"))
    assert (index.count(surname), index.population()) == (0, 1)
    index.remove("r-1", "FR", (CREATED + 10, 0, "y"))
    index.remove("never", "FR", (CREATED, 0, "z"))
    assert (index.count(surname), index.population()) == (0, 1)
    assert index.count("never") == 0


def test_a_capped_key_is_on_record_with_since_when_and_how_often() -> None:
    """The record is of the first whom it refused; it grows with every other."""
    index = KeyIndex(MemoryStore(), cap=CAP)
    for number in range(CAP):
        put(index, wallet(f"r-{number}", number))
    assert (index.quarantine(), index.stats().keys) == ([], CAP)
    (key,) = keys(wallet("r-9"))
    for number in range(CAP, CAP + 4):
        put(index, wallet(f"r-{number}", number))
        assert index.quarantine() == [
            CappedKey(key.digest.hex(), "wallet", CREATED + CAP, number - CAP + 1)
        ]
    assert (index.stats().capped, index.stats().keys) == (1, 0)


def test_a_capped_key_stays_capped() -> None:
    """After everybody who had it was withdrawn, and after a restart; others are not touched."""
    store = MemoryStore()
    index = KeyIndex(store, cap=CAP)
    for number in range(CAP + 1):
        put(index, wallet(f"r-{number}", number))
    for number in range(CAP + 1):
        index.remove(f"r-{number}", "FR", (CREATED + 99, 0, "x"))
    index.flush()
    for again in (index, KeyIndex(store, cap=100)):
        put(again, wallet("r-8", 200))
        put(again, made("r-9", 200, **ANNA))
        assert found(again, wallet("r-7", 200)) == []
        assert found(again, made("r-7", 200, **ANNA_ABROAD)) == ["r-9"]
        assert len(again.quarantine()) == 1


@given(order=st.permutations(range(2 * CAP)), gone=st.sets(st.integers(0, 2 * CAP - 1)))
def test_a_cap_is_causal(order: list[int], gone: set[int]) -> None:
    """Whom a key finds depends on what came before only: before the cap everybody, then nobody."""
    index = KeyIndex(MemoryStore(), cap=CAP)
    holding, capped = 0, False
    for number in order:
        one = wallet(f"r-{number}", number)
        assert len(found(index, one)) == (0 if capped else holding)
        put(index, one)
        capped = capped or holding == CAP
        holding += 1
        if number in gone:
            index.remove(one.root, "FR", (CREATED + 99, 0, "x"))
            holding -= 1


def test_a_subject_keeps_its_number() -> None:
    """Through updates, a withdrawal and its return: the order of candidates is that of arrival."""
    index = KeyIndex(MemoryStore())
    for root in ROOTS[:3]:
        put(index, wallet(root))
    put(index, wallet("r-1", 5))
    index.remove("r-2", "FR", (CREATED + 6, 0, "x"))
    assert found(index, wallet("r-9")) == ["r-1", "r-3"]
    put(index, wallet("r-2", 7))
    assert found(index, wallet("r-9")) == ["r-1", "r-2", "r-3"]
    assert [one.root for one in index.subjects()] == ["r-1", "r-2", "r-3"]


def test_a_subject_that_is_not_there_has_no_features() -> None:
    """Asked for by name, it is an error; nobody is linked with nobody."""
    index = KeyIndex(MemoryStore())
    with pytest.raises(KeyError):
        index.features("r-1")
    assert index.parties("none") == ()


class Step(Protocol):
    """One thing that happens to an index."""

    def __call__(self, index: KeyIndex) -> None: ...


@st.composite
def steps(draw: st.DrawFn) -> Step:
    root, created = draw(st.sampled_from(ROOTS)), draw(st.integers(0, 99))
    if draw(st.integers(0, 3)) == 0:
        return lambda index: index.remove(root, "FR", (CREATED + created, 0, "x"))
    one = made(root, created, **draw(abouts))

    def step(index: KeyIndex) -> None:
        put(index, one)
        for other in index.candidates(keys(one), one.features.birth):
            if other.root != root and (between := link(one, other)) is not None:
                index.put_link(between)

    return step


def content(index: KeyIndex, asked: list[Subject]) -> Iterator[object]:
    """All that can be asked of an index."""
    yield index.stats()
    yield index.quarantine()
    yield list(index.links())
    yield list(index.subjects())
    yield index.population()
    for root in ROOTS:
        yield index.get(root), index.age(root), index.links_of(root)
    for one in asked:
        yield index.near(one.features.pictures)
        yield found(index, one), sorted((v, index.count(v)) for v in one.features.counted)


@settings(max_examples=40)
@given(done=st.lists(steps(), max_size=12), asked=st.lists(abouts, max_size=3))
def test_a_restart_is_not_to_be_noticed(done: list[Step], asked: list[dict[str, Any]]) -> None:
    """Opened anew from its store after every step, an index is as if it had never been closed."""
    store = MemoryStore()
    one = KeyIndex(MemoryStore(), cap=CAP)
    others = [made("r-9", **about) for about in asked]
    for step in done:
        step(one)
        reopened = KeyIndex(store, cap=CAP)
        step(reopened)
        reopened.flush()
    assert list(content(one, others)) == list(content(KeyIndex(store, cap=CAP), others))


@settings(max_examples=40)
@given(done=st.lists(steps(), max_size=12))
def test_the_counts_are_those_of_the_subjects_that_are_there(done: list[Step]) -> None:
    """Whatever came, was replaced and withdrawn before."""
    index = KeyIndex(MemoryStore())
    for step in done:
        step(index)
    there = list(index.subjects())
    counts = Counter(value for one in there for value in one.features.counted)
    assert {value: index.count(value) for value in counts} == counts
    assert index.population() == len(there)
    entries = sum(len(keys(one)) for one in there)
    assert index.stats() == Stats(len(there), entries, len(list(index.links())), 0, 0)


def test_retracted_links_are_counted_apart() -> None:
    """A link that is made again counts once."""
    index = KeyIndex(MemoryStore())
    made_once = link(made("r-1", **ANNA), made("r-2", **ANNA_ABROAD))
    assert made_once is not None
    gone = made_once._replace(retracted=Retraction.WITHDRAWN)
    for one, counts in ((made_once, (1, 0)), (gone, (0, 1)), (gone, (0, 1)), (made_once, (1, 0))):
        index.put_link(one)
        assert (index.stats().links, index.stats().retracted) == counts


def test_a_pair_is_confirmed_by_the_last_word_of_a_party() -> None:
    """Who is no party has no say; who takes it back takes it back."""
    index = KeyIndex(MemoryStore())
    one, other = made("r-1", **ANNA), made("r-2", 1, **ANNA_ABROAD)
    for each in (one, other):
        put(index, each)
    found = link(one, other)
    assert found is not None
    index.put_link(found)
    said = (("XX", Verdict.CONFIRMED, False), (one.origin, Verdict.CONFIRMED, True),
            (one.origin, Verdict.NEEDS_MORE, False))  # fmt: skip
    for number, (by, verdict, confirmed) in enumerate(said):
        index.rule(Ruling(found.first, found.second, by, verdict, CREATED + number, f"{number}"))
        assert index.is_confirmed(found) is confirmed
