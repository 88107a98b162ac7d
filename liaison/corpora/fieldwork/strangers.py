"""What strangers have in common: rings, viral pictures, exits of networks, series, victims."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from liaison.corpora.fieldwork import belongings as own
from liaison.corpora.fieldwork.person import Identifier, Person, Picture
from liaison.corpora.fieldwork.places import CODES

SHARED = (
    ("shared-wallet", 900, 3, 20),
    ("shared-ip", 700, 4, 40),
    ("shared-device", 2500, 3, 8),
    ("shared-phone", 2500, 3, 8),
    ("shared-email", 2500, 3, 10),
)
"""The family; one such value for how many persons; how few and how many have it."""
VIRAL = 400
"""Persons who have one viral picture, at most."""


def connect(rng: Random, persons: list[Person]) -> None:
    """Gives strangers things in common, in proportion to how many they are."""
    offenders = [p for p in persons if p.role == "offender"]
    victims = [p for p in persons if p.role == "victim"]
    many = len(persons)
    for family, every, least, most in SHARED:
        for _ in range(max(1, many // every)):
            shared = replace(_value(rng, family), shared=family)
            for person in _some(rng, offenders, rng.randint(least, most)):
                person.identifiers.append(shared)
    for _ in range(max(1, many // 700)):
        viral = own.picture(rng)
        for person in _some(rng, persons, min(int(20 * rng.paretovariate(1.2)), VIRAL)):
            person.pictures.append((viral, "viral"))
    for _ in range(many // 120):
        _make_series(rng, _some(rng, victims, rng.randint(2, 8)))
    for offender in _some(rng, offenders, len(offenders) * 15 // 100):
        _show(rng, offender, _some(rng, victims, rng.choice((1, 1, 2, 4))))
    with_pictures = [p for p in persons if p.pictures]
    for person in _some(rng, with_pictures, len(with_pictures) // 32):
        like, _ = rng.choice(rng.choice(with_pictures).pictures)
        looks = Picture(rng.getrandbits(64), own.altered(rng, like.pdq, 32, 60))
        person.pictures.append((looks, "pdq-lookalike"))


def _make_series(rng: Random, victims: list[Person]) -> None:
    """Victims of one series; some are in one picture."""
    name, together = own.series_name(rng), own.picture(rng)
    for person in victims:
        person.series = name, "series"
        if rng.random() < 0.4:
            person.pictures.append((together, "shared-picture"))


def _show(rng: Random, offender: Person, victims: list[Person]) -> None:
    """The files of an offender show victims."""
    for victim in victims:
        if victim.pictures:
            shown, _ = rng.choice(victim.pictures)
            offender.pictures.append((shown, "shared-picture"))


def _some(rng: Random, persons: list[Person], count: int) -> list[Person]:
    return rng.sample(persons, min(count, len(persons)))


def _value(rng: Random, family: str) -> Identifier:
    if family == "shared-wallet":
        return own.wallet(rng)
    if family == "shared-ip":
        return own.address(rng)
    if family == "shared-device":
        return own.device(rng)
    if family == "shared-phone":
        return own.telephone(rng, rng.choice(CODES))
    return Identifier("email", f"info{rng.randrange(10**5)}@hosting.example")
