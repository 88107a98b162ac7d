"""Match keys: who is compared with whom."""

from __future__ import annotations

from typing import Any

from consumers.deduplication.features import extract
from consumers.deduplication.keys import (
    MAX_NAME_KEYS,
    MAX_SUPPORT,
    Key,
    keys_of,
    sought,
)
from consumers.deduplication.keys import pictured as pictures_of
from tests.consumers.deduplication.support import ANNA, ANNA_ABROAD, PICTURE, pictured, subject


def keys(mode: str = "actual", **about: Any) -> tuple[Key, ...]:
    return keys_of(extract(subject("FR-1", **about)), mode)


def digests(*args: str, **about: Any) -> set[bytes]:
    return {key.digest for key in keys(*args, **about)}


def test_the_same_person_by_another_hand_shares_keys() -> None:
    """Order, capitals and accents do not matter."""
    assert digests(**ANNA) & digests(**ANNA_ABROAD)


def test_modes_share_no_key() -> None:
    """Exercise data cannot meet actual data."""
    assert not digests("actual", **ANNA) & digests("exercise", **ANNA)


def test_a_key_holds_no_value() -> None:
    """Eight bytes of a digest, most promising first."""
    found = keys(**ANNA, identifiers=(("email", "a@b.example"),))
    assert {len(key.digest) for key in found} == {8}
    assert found[0].kind == "email"


def test_what_only_supports_has_no_key() -> None:
    """A picture, a device or an address alone brings nobody together."""
    ids = (("ip", "198.51.100.1"), ("device", "aabb01"))
    assert keys(media=(("md5", "aa"),), identifiers=ids, series="Lune noire", sex="f") == ()


def test_two_frequent_names_need_a_date() -> None:
    """Maria Santos alone is not compared with every other; with a birth date she is."""
    assert keys(names=("Maria Santos",)) == ()
    assert keys(names=("Maria Santos",), birth_date="2012-09-30")


def test_a_long_list_of_names_has_a_bounded_number_of_keys() -> None:
    """The cost of a subject does not grow with its aliases."""
    names = tuple(f"Aa{c}bert Oo{c}mund Uu{c}fred Ee{c}wald" for c in "bdfgklmnprst")
    assert len(keys(names=names, birth_date="1980-02-03")) <= MAX_NAME_KEYS


def test_a_near_picture_is_sought_with_what_its_owner_has() -> None:
    """The keys are those that it would have with the other picture: of a word, and of the year."""
    mine = extract(subject("FR-1", **ANNA, **pictured(PICTURE)))
    (name,) = mine.names
    found = set(sought(mine, "actual", [PICTURE ^ 1]))
    assert found == set(keys(**ANNA, **pictured(PICTURE ^ 1))) - set(keys(**ANNA))
    assert len(found) == len({sound for token in name.tokens for sound in token.sounds}) + 1
    assert not found & set(sought(mine, "exercise", [PICTURE ^ 1]))
    assert not found & set(sought(mine, "actual", [PICTURE]))
    assert sought(mine, "actual", []) == ()


def test_near_copies_of_one_picture_take_no_other_s_place() -> None:
    """As many as fit make keys, one of each first; none where there is neither word nor year."""
    others = [PICTURE ^ ((1 << 64) - 1) << shift for shift in (64, 128, 192)]
    copies = [PICTURE ^ 1 << n for n in range(2 * MAX_SUPPORT)]
    mine = extract(subject("FR-1", **ANNA, **pictured(*copies, *others)))
    found = pictures_of(mine)
    assert len(found) == MAX_SUPPORT
    assert set(found[:4]) == {*others, min(copies)}
    files = (*pictured(*copies)["media"], *(("md5", f"{n:032x}") for n in range(MAX_SUPPORT - 1)))
    assert pictures_of(extract(subject("FR-1", **ANNA, media=files))) == [min(copies)]
    assert pictures_of(extract(subject("FR-1", **pictured(PICTURE)))) == ()
