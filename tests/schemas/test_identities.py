import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identities import derived_id, is_id, new_id, pair_id
from tests.strategies import ids


@given(st.integers(0, 2**48 - 1))
def test_uuid7_layout(now_ms: int) -> None:
    """48 bits of Unix milliseconds, version 7, variant 10 (RFC 9562 section 5.7)."""
    value = uuid.UUID(new_id(now_ms))
    assert value.int >> 80 == now_ms
    assert (value.version, value.variant) == (7, uuid.RFC_4122)


def test_uuid7_order() -> None:
    """Ids sort by time, as text too, and two of one millisecond differ."""
    assert new_id(1) < new_id(2) < new_id(2**40)
    assert len({new_id(5) for _ in range(1000)}) == 1000


def test_uuid7_now() -> None:
    """Without an instant the id is of now."""
    assert new_id() > new_id(1_700_000_000_000)


@given(st.text(), st.lists(st.text()))
def test_uuid8_layout(kind: str, parts: list[str]) -> None:
    """Version 8 and variant 10 (RFC 9562 section 5.8), the same again for the same parts."""
    value = uuid.UUID(derived_id(kind, *parts))
    assert (value.version, value.variant) == (8, uuid.RFC_4122)
    assert str(value) == derived_id(kind, *parts)


def test_derived_parts_do_not_run_together() -> None:
    """Where one part ends and the next begins is part of the id."""
    assert len({derived_id("ab", "c"), derived_id("a", "bc"), derived_id("abc")}) == 3


def test_derived_id_for_ever() -> None:
    """The computation never changes: other nodes have to make the same id."""
    assert derived_id("pair", "a", "b") == "b0ef1a5a-da84-8583-b618-3a86da73a322"


@given(ids, ids)
def test_pair_has_no_order(first: str, second: str) -> None:
    """A pair is the same from both sides."""
    assert pair_id(first, second) == pair_id(second, first)


@given(st.uuids())
def test_is_id(value: uuid.UUID) -> None:
    """Only the canonical text form is an id."""
    assert is_id(str(value))
    assert not is_id(value.hex)
    assert not is_id(f"{{{value}}}")
    assert not is_id(f"{value}\n")


@pytest.mark.parametrize("text", ["", "case-1", "0192F6D2-7B1E-7C3A-8F00-0123456789AB"])
def test_is_no_id(text: str) -> None:
    """Capitals are another text, so another id, so none."""
    assert not is_id(text)
