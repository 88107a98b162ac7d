import inspect

import pytest

from schemas import errors
from schemas.errors import InputRefused, LiaisonError, MalformedRecord, UnknownSchema, Unreachable

ALL = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if found.__module__ == errors.__name__
]


@pytest.mark.parametrize("error", ALL)
def test_one_tree(error: type) -> None:
    """Every error of the product has one root and stands in the drawing of the module."""
    assert issubclass(error, LiaisonError)
    assert error.__name__ in (errors.__doc__ or "")


def test_text() -> None:
    """An error reads as its problem, and what to do about it where something can be done."""
    assert str(LiaisonError("the disk is full")) == "the disk is full"
    full = LiaisonError("the disk is full", remedy="free some space")
    assert str(full) == "the disk is full; free some space"
    assert (full.problem, full.remedy) == ("the disk is full", "free some space")


def test_only_waiting_helps_the_unreachable() -> None:
    """Only what may answer later is worth a retry."""
    assert [error for error in ALL if error.retriable] == [Unreachable]


def test_field() -> None:
    """A refused input names its field, where there is one."""
    assert InputRefused("not a date", field="birth_date").field == "birth_date"
    assert InputRefused("no such file").field is None


def test_unknown_schema() -> None:
    """An unknown schema says which and what to do; it is a kind of malformed record."""
    error = UnknownSchema("00ff")
    assert isinstance(error, MalformedRecord)
    assert str(error) == (
        "schema fingerprint 00ff is not known here; "
        "upgrade this node; the record is kept and read then"
    )
