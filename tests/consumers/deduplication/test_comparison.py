"""Two subjects compared, field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from consumers.deduplication.comparison import NEAR, compare, slip
from consumers.deduplication.features import Features, extract
from consumers.deduplication.outcomes import BITS_SHARED, Outcome
from consumers.deduplication.rarity import Rarity
from tests.consumers.deduplication.support import offender, subject
from tests.consumers.deduplication.synthetic import features

PICTURE = int("5a" * 32, 16)
SHA = ("sha256", "ab" * 32)


def of(*identifiers: tuple[str, ...], **about: Any) -> Features:
    return extract(subject("X", identifiers=identifiers, **about))


def outcomes(a: Features, b: Features, **more: Any) -> list[Outcome]:
    """All but the roles, which every subject has."""
    return [o for o in compare(a, b, **more) if o.field != "role"]


def levels(a: Features, b: Features) -> dict[str, str]:
    return {o.field: o.level for o in outcomes(a, b)}


def holders(count: int) -> Rarity:
    """Where every value has so many holders."""
    return Rarity(10_000, lambda _value: count)


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        ("email", "night.owl@courrier.example", "NightOwl@courrier.example", "equal"),
        ("email", "nightowl@courrier.example", "nightwol@courrier.example", "typed"),
        ("email", "nightowl@courrier.example", "daylark@courrier.example", "apart"),
        ("phone", "+33 6 39 98 00 01", "0033639980001", "equal"),
        ("phone", "+33639980001", "+33639980002", "typed"),
        ("phone", "112", "112", "short"),
        ("username", "night_owl", "NightOwl", "unsaid"),
        ("username", "owl", "owl", "short"),
        ("username", "nowls", "nowls", "short"),
        ("username", "nowlss", "nowlss", "unsaid"),
        ("email", "a@b.fra", "a@b.fra", "short"),
        ("email", "a@b.fran", "a@b.fran", "equal"),
        ("wallet", "0xabcd", "0xabcd", "short"),
        ("wallet", "0xabcde", "0xabcde", "equal"),
        ("national-id", "PCN 0000-1111", "pcn00001111", "equal"),
        ("national-id", "PCN 0000-1111", "PCN 0000-2222", "apart"),
        ("wallet", "0xABCDEF01", "0xabcdef01", "equal"),
        ("device", "AA:BB:CC:01", "aabbcc01", "equal"),
        ("ip", "198.51.100.1", "198.51.100.2", "typed"),
    ],
)
def test_identifiers_of_one_kind(kind: str, one: str, other: str, level: str) -> None:
    """Equal, but for a slip, too short to say much, or none in common."""
    assert levels(of((kind, one)), of((kind, other))) == {kind: level}


@pytest.mark.parametrize(
    ("mine", "yours", "level"),
    [
        ("pixelhaus", "Pixel-Haus", "equal"),
        ("pixelhaus", "kleintalk", "elsewhere"),
        ("pixelhaus", None, "unsaid"),
        (None, None, "unsaid"),
    ],
)
def test_a_username_is_one_account_on_one_platform(
    mine: str | None, yours: str | None, level: str
) -> None:
    """Elsewhere somebody else may have chosen it."""
    one, other = (of(("username", "nightowl", platform)) for platform in (mine, yours))
    assert levels(one, other) == {"username": level}


def test_kinds_that_one_side_lacks_say_nothing() -> None:
    """An account is no telephone, and no contradiction to one."""
    assert outcomes(of(("email", "a@courrier.example")), of(("phone", "+33639980001"))) == []


def test_two_values_in_common_count_twice() -> None:
    """More than two say no more."""
    numbers = [("phone", f"+3363998000{n}") for n in range(4)]
    for count, counted in ((1, 1), (2, 2), (4, 2)):
        assert outcomes(of(*numbers[:count]), of(*numbers)) == [Outcome("phone", "equal", counted)]


@pytest.mark.parametrize(("count", "loss"), [(1, None), (2, 100), (64, 600)])
def test_what_others_have_too_is_told_beside(count: int, loss: int | None) -> None:
    """Of identifiers, files, pictures and series alike: the score takes it off."""
    about = {"media": (SHA, ("pdq", f"{PICTURE:064x}")), "series": "Lune noire"}
    one = of(("phone", "+33639980001"), **about)
    found = {o.field: o.amount for o in outcomes(one, one, rarity=holders(count)) if o.level
             == BITS_SHARED}  # fmt: skip
    expected = {} if loss is None else dict.fromkeys(("phone", "media", "picture", "series"), loss)
    assert found == expected


@pytest.mark.parametrize(
    ("one", "other", "slipped"),
    [
        ("nightowl77", "nightowl78", True),
        ("nightowl77", "nightowl7", True),
        ("nightowl", "nightwol", True),
        ("nightowl", "mightowl", True),
        ("nightowl", "nightlow", False),
        ("nightowl", "nightowl", False),
        ("nightowl", "nightowl777", False),
        ("nightowl", "mightowk", False),
        ("owlowl", "owlowk", False),
        ("nightow", "nightok", True),
        ("nightowl", "nightowlx", True),
        ("nightowl", "thnigowl", False),
        ("abcdefgh", "badcefgh", False),
    ],
)
def test_one_slip_of_the_keyboard(one: str, other: str, slipped: bool) -> None:
    """A letter changed, left out, added, or swapped with its neighbour; in what is long enough."""
    assert slip(one, other) is slip(other, one) is slipped


@pytest.mark.parametrize(("bits", "is_near"), [(0, True), (1, True), (NEAR, True), (32, False)])
def test_pictures_are_near_within_31_bits(bits: int, is_near: bool) -> None:
    """And no further."""
    one, other = (
        of(media=(("pdq", f"{picture:064x}"),)) for picture in (PICTURE, PICTURE ^ (1 << bits) - 1)
    )
    assert outcomes(one, other) == ([Outcome("picture", "near")] if is_near else [])


def test_near_copies_of_one_picture_are_one_picture() -> None:
    """Whichever side has more of them."""
    copies = of(media=tuple(("pdq", f"{PICTURE ^ 1 << n:064x}") for n in range(3)))
    one = of(media=(("pdq", f"{PICTURE:064x}"),))
    assert outcomes(one, copies) == outcomes(copies, one) == [Outcome("picture", "near")]


def test_files_in_common_count_up_to_three() -> None:
    """By any exact algorithm."""
    files = tuple(("md5", f"{n:032x}") for n in range(5))
    for count, counted in ((1, 1), (3, 3), (5, 3)):
        one, other = of(media=files[:count]), of(media=files)
        assert outcomes(one, other) == [Outcome("media", "equal", counted)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"sex": "f"}, {"sex": "f"}, {"sex": "equal"}),
        ({"sex": "f"}, {"sex": "m"}, {"sex": "apart"}),
        ({"sex": "f"}, {"sex": "x"}, {}),
        ({"sex": "f"}, {}, {}),
        ({"nationalities": ("FR", "DE")}, {"nationalities": ("DE",)}, {"nationality": "equal"}),
        ({"nationalities": ("FR",)}, {"nationalities": ("DE",)}, {"nationality": "apart"}),
        ({"nationalities": ("FR",)}, {}, {}),
        ({"series": "Lune noire"}, {"series": "lune-noire"}, {"series": "equal"}),
        ({"series": "Lune noire"}, {"series": "Blue Lighthouse"}, {}),
    ],
)
def test_what_is_said_of_the_person(
    one: dict[str, Any], other: dict[str, Any], expected: dict[str, str]
) -> None:
    """Silence and an unknown sex say nothing; another series does not, either."""
    assert levels(of(**one), of(**other)) == expected


def test_roles_are_compared() -> None:
    """Two victims, two offenders, or a contradiction."""
    victim, other = extract(subject("X")), extract(offender("Y"))
    assert compare(victim, victim) == (Outcome("role", "victim"),)
    assert compare(other, other) == (Outcome("role", "offender"),)
    assert compare(victim, other) == (Outcome("role", "apart"),)


@given(a=features, b=features)
def test_a_comparison_is_the_same_from_both_sides(a: Features, b: Features) -> None:
    """Whatever the two have, and however frequent it is; every figure is a whole number."""
    for rarity in (Rarity(), holders(1), holders(40)):
        found = compare(a, b, rarity)
        assert found == compare(b, a, rarity)
        assert all(type(o.amount) is int and o.amount > 0 for o in found)
        fields = [(o.field, o.level) for o in found]
        assert len(set(fields)) == len(fields)
