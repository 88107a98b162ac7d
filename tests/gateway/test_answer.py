"""Answers as they travel."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import answer as answers
from gateway.answer import MAX_ANSWER_BYTES, Answer
from gateway.block import MAX_RECEIPT_BYTES
from schemas.errors import VerificationFailed

KINDS = (answers.REFUSED, answers.FORK, answers.GAP, answers.BUSY)


def text(value: int | None) -> str | None:
    """As it stands in the header."""
    return None if value is None else str(value)


problems = st.builds(
    Answer,
    kind=st.sampled_from(KINDS),
    statement=st.binary(max_size=60),
    receipt=st.binary(max_size=60),
    code=st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=30),
    problem=st.text("abc é漢", max_size=60),
    remedy=st.text("abc é漢", max_size=60),
    time_ms=st.integers(0, 2**62),
    retry_after_s=st.none() | st.integers(1, 10_000),
)


@given(problems)
def test_problems_come_back(sent: Answer) -> None:
    """What is written is read, whatever kind it is."""
    assert Answer.parse(sent.http_status, sent.to_body(), text(sent.retry_after_s)) == sent


def test_success_is_the_statement() -> None:
    """A receipt or position travels as it is."""
    sent = Answer(answers.OK, b"signed")
    assert (sent.http_status, sent.to_body()) == (200, b"signed")
    assert Answer.parse(200, b"signed", None) == sent


@pytest.mark.parametrize(
    ("kind", "retry", "status"),
    [
        (answers.REFUSED, None, 422),
        (answers.REFUSED, 60, 503),
        (answers.FORK, None, 409),
        (answers.GAP, None, 409),
        (answers.BUSY, 5, 503),
    ],
)
def test_status_and_problem_document(kind: str, retry: int | None, status: int) -> None:
    """As RFC 9457 has it: type, title, status, detail; and what to do next."""
    sent = Answer(kind, code="code", problem="what", remedy="do", retry_after_s=retry)
    document = json.loads(sent.to_body())
    assert sent.http_status == document["status"] == status
    assert (document["title"], document["detail"]) == ("what", "do")
    assert document["type"] == "urn:liaison:problem:code"


GOOD: dict[str, Any] = json.loads(Answer(answers.GAP, b"s", code="gap").to_body())


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "ok"},
        {"kind": "other"},
        {"kind": ["gap"]},
        {"kind": None},
        {"statement": "no base64"},
        {"statement": "é"},
        {"statement": 7},
        {"receipt": None},
        {"time": "soon"},
        {"time": None},
        {"time": float("inf")},
        {"time": float("nan")},
        {"time": "9" * 5000},
        {"time": "1"},
        {"time": 1.5},
        {"time": True},
        {"title": 7},
        {"type": None},
        {"status": 422},
        {"status": "409"},
        {"kind": "refused"},
        {"kind": "busy"},
    ],
)
def test_no_answer(change: dict[str, Any]) -> None:
    """Fields that are not what they should be."""
    with pytest.raises(VerificationFailed, match="status 409 with a body that is no answer"):
        Answer.parse(409, json.dumps(GOOD | change).encode(), None)


@pytest.mark.parametrize("field", list(GOOD))
def test_missing_field(field: str) -> None:
    """Every field is needed."""
    document = {name: value for name, value in GOOD.items() if name != field}
    with pytest.raises(VerificationFailed, match="a body that is no answer"):
        Answer.parse(409, json.dumps(document).encode(), None)


@pytest.mark.parametrize("status", [100, 300, 404, 422, 500, 502, 503])
def test_another_status(status: int) -> None:
    """A body that says it is a gap, under a status that no gap has."""
    for said in (409, status):
        with pytest.raises(VerificationFailed, match=f"status {status} with a body"):
            Answer.parse(status, json.dumps(GOOD | {"status": said}).encode(), None)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff", b"[" * 60_000])
def test_no_document(body: bytes) -> None:
    """What a proxy says, or nothing, or something made to exhaust a parser."""
    with pytest.raises(VerificationFailed, match="status 502 with a body that is no answer"):
        Answer.parse(502, body, None)


@pytest.mark.parametrize("retry", ["soon", "1.5", "Sun, 22 Nov 2026 16:00:00 GMT", "9" * 5000])
def test_no_waiting_time(retry: str) -> None:
    """Seconds, and nothing else."""
    with pytest.raises(VerificationFailed):
        Answer.parse(503, json.dumps(GOOD | {"kind": "busy"}).encode(), retry)


@given(st.integers(100, 599), st.binary(max_size=200), st.none() | st.text(max_size=9))
def test_nothing_else_escapes(status: int, body: bytes, retry: str | None) -> None:
    """Any answer is one of ours or a refusal."""
    with contextlib.suppress(VerificationFailed):
        Answer.parse(status, body, retry)


def test_the_longest_honest_answer_is_short_enough() -> None:
    """A fork with a position and the largest receipt."""
    sent = Answer(
        answers.FORK, bytes(4000), bytes(MAX_RECEIPT_BYTES), "c" * 64, "p" * 500, "r" * 500
    )
    assert len(sent.to_body()) < MAX_ANSWER_BYTES
