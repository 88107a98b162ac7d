"""What can be compared of an identification, in the form in which equal things are equal."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.deduplication import records
from consumers.deduplication.features import (
    MAX_READINGS,
    BirthDate,
    birth_date,
    canonical,
    extract,
)
from schemas.notifications import Identifier
from tests.consumers.deduplication.support import subject


def value(kind: str, written: str, region: str = "FR") -> str | None:
    account = canonical(Identifier(kind, written), region)
    return account and account.value


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        ("email", "Some.Body+tag@GoogleMail.com", "somebody@gmail.com"),
        ("email", "Some.Body+tag@Courrier.example", "somebody@courrier.example"),
        ("email", "user@ya.ru", "user@yandex.ru"),
        ("email", "not an address", "not an address"),
        ("phone", "06 39 98 00 01", "+33639980001"),
        ("phone", "0033 6 39 98 00 01", "+33639980001"),
        ("phone", "+49 171 3920042", "+491713920042"),
        ("phone", "12", "12"),
        ("username", "@Night_Owl.77", "nightowl77"),
        ("wallet", "0xABCDEF", "0xabcdef"),
        ("wallet", "mzNqArZ", "mzNqArZ"),
        ("ip", "2001:0db8::0044", "2001:db8::44"),
        ("ip", "somewhere", "somewhere"),
        ("national-id", "PCN 0000-1111", "pcn00001111"),
        ("device", "AA:BB:01", "aabb01"),
        ("username", "...", None),
    ],
)
def test_one_thing_in_several_notations_is_one_value(
    kind: str, written: str, expected: str | None
) -> None:
    """What cannot be normalised is kept as it is; what is empty is left out."""
    assert value(kind, written) == expected


def test_a_number_is_read_as_dialled_where_it_was_reported() -> None:
    """The same digits are another number in another country; an organisation has none."""
    assert value("phone", "0171 3920042", "DE") == "+491713920042"
    assert value("phone", "0171 3920042", "XI") == "01713920042"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-05-17", BirthDate(2012, 5, 17)),
        ("2012-05", BirthDate(2012, 5)),
        ("2012", BirthDate(2012)),
        ("2012-01-01", BirthDate(2012)),
        ("", None),
        ("17.5.2012", None),
    ],
)
def test_a_birth_date_is_as_full_as_it_is_known(text: str, expected: BirthDate | None) -> None:
    """The first of January stands for a day that is not known."""
    assert birth_date(text) == expected


identifiers = st.builds(
    lambda kind, value: (kind, value),
    st.sampled_from(["email", "phone", "username", "wallet", "ip", "device", "national-id", "x"]),
    st.text(max_size=20),
)


@given(names=st.lists(st.text(max_size=20), max_size=3), ids=st.lists(identifiers, max_size=4))
def test_features_survive_storing(names: list[str], ids: list[tuple[str, str]]) -> None:
    """Whatever was written, what is stored is what was taken from it."""
    made = extract(subject("FR-1", names=tuple(names), identifiers=tuple(ids)))
    stored = orjson.dumps(records.dump_features(made))
    assert records.load_features(orjson.loads(stored)) == made


def test_the_order_in_which_things_are_listed_means_nothing() -> None:
    """Equal subjects have equal features."""
    ids = (("email", "a@b.example"), ("phone", "+33639980001"))
    media = (("md5", "AA"), ("sha1", "bb"))
    one = subject("FR-1", identifiers=ids, media=media, nationalities=("FR", "DE"))
    other = subject("FR-1", identifiers=ids[::-1], media=media[::-1], nationalities=("DE", "FR"))
    assert extract(one) == extract(other)


def test_a_name_that_may_be_read_in_several_ways_is_so_after_all_names() -> None:
    """The likeliest ways come first, for later ones may be left out; and there are only so many."""
    made = extract(subject("FR-1", names=("Gao Shi Lin", "Maria Santos")))
    assert [" ".join(t.word for t in name.tokens) for name in made.names] == [
        "gao shilin-", "maria santos", "gaoshi- lin",
    ]  # fmt: skip
    many = tuple(f"{letter}āja Bhaṭṭa" for letter in "bdgklmnr")
    assert len(extract(subject("FR-1", names=many)).names) == MAX_READINGS
