"""Who lives there: the hard cases are what they are called."""

import random
from collections import defaultdict
from itertools import islice

import pytest

from liaison.corpora.registry.person import TODAY, Person
from liaison.corpora.registry.population import Population


@pytest.fixture(scope="module")
def persons() -> list[Person]:
    return list(islice(Population(random.Random(1), 5000).persons(), 5000))


def _households(persons: list[Person], tag: str) -> list[list[Person]]:
    found = defaultdict(list)
    for person in persons:
        if tag in person.tags:
            found[person.key.partition("/")[0]].append(person)
    return [household for household in found.values() if len(household) > 1]


def test_twins(persons: list[Person]) -> None:
    """One birth date, one family, another name."""
    twins = _households(persons, "twins")
    assert twins
    for first, second in twins:
        assert (first.birth, first.home) == (second.birth, second.home)
        assert first.name != second.name or first.sex != second.sex


def test_junior(persons: list[Person]) -> None:
    """Parent and child have one name and are a generation apart."""
    families = _households(persons, "junior")
    assert families
    for child, parent in families:
        assert child.name == parent.name
        assert (child.birth - parent.birth).days > 18 * 365


def test_siblings_share_a_surname(persons: list[Person]) -> None:
    """Siblings are born apart, of the same tradition."""
    families = _households(persons, "siblings")
    assert families
    for family in families:
        assert len({p.birth for p in family}) == len(family)
        assert len({p.origin.name for p in family}) == 1


def test_namesakes(persons: list[Person]) -> None:
    """Strangers of one name are born in the same year, some on the same day."""
    same_day = 0
    by_name = defaultdict(list)
    for person in persons:
        by_name[person.name].append(person)
    for person in persons:
        if "namesakes" in person.tags:
            others = [p for p in by_name[person.name] if p is not person]
            same_day += any(p.birth == person.birth for p in others)
    assert same_day


def test_what_is_own_is_own(persons: list[Person]) -> None:
    """No two persons have a mailbox, number or account of their own in common."""
    accounts = [(a.kind, a.value, a.place) for p in persons for a in p.accounts]
    assert len(accounts) == len(set(accounts))


def test_roles_and_ages(persons: list[Person]) -> None:
    """A child is a victim; offenders are adults when they are reported."""
    for person in persons:
        age = (TODAY - person.birth).days / 365.25
        assert (age < 19) if person.role == "victim" else (age >= 18), person
