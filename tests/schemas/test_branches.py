"""Naming branches changes how fast a record is written, and nothing else."""

from __future__ import annotations

import copy
import io

import pytest
from fastavro import schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

from schemas import catalogue, codec
from schemas.branches import named
from schemas.notifications import TYPES, Notification
from tests.strategies import notifications


@pytest.mark.parametrize("name", TYPES)
@given(data=st.data())
def test_the_bytes_are_the_same(name: str, data: st.DataObject) -> None:
    """Every type is written as fastavro would write it by trying every branch."""
    notification: Notification = data.draw(notifications(name))
    record = notification.to_record()
    before = copy.deepcopy(record)
    plain = io.BytesIO()
    schemaless_writer(plain, catalogue.entry(name).parsed, record)
    assert codec.encode_record(name, record)[codec.PREFIX_LENGTH :] == plain.getvalue()
    assert record == before


def test_the_branches_of_optional_records_are_named() -> None:
    """In the head and below it; what is absent stays absent."""
    contact = {"unit": "Desk", "email": "", "phone": ""}
    marked = named("identification", {"head": {"contact": contact}, "sex": None})
    assert marked == {"head": {"contact": ("liaison.DutyContact", contact)}, "sex": None}
    assert named("recall", {"head": {"contact": None}}) == {"head": {"contact": None}}
    assert named("missing-child", {"last_seen": {"place": "Lyon"}}) == {
        "last_seen": ("liaison.LastSeen", {"place": "Lyon"})
    }
