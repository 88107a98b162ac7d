"""Signed JSON documents: the envelope and the strict reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.documents import (
    Fields,
    decode_base64,
    encode_base64,
    parse_json,
    unwrap,
    wrap,
    write_instant,
)
from gateway.signing import Signer, verify
from schemas.errors import VerificationFailed

DOMAIN = b"liaison/v1/test\0"


def test_envelope_keeps_bytes() -> None:
    """The payload comes back as it was signed, and the signature verifies over it."""
    signer = Signer.generate()
    payload = '{"a": 1,  "é": 2}'.encode()
    found, signatures = unwrap(wrap(payload, DOMAIN, [signer]), "the test")
    assert found == payload
    verify(signer.public, DOMAIN + payload, signatures[0])


@given(st.binary(max_size=400))
def test_only_refusals_escape(data: bytes) -> None:
    """Whatever the bytes are, nothing but VerificationFailed escapes the reader."""
    with pytest.raises(VerificationFailed, match="the test"):
        unwrap(data, "the test")


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": NaN}', "{", "\xff", "[" * 100_000], ids=str.__len__
)
def test_json_is_strict(text: str) -> None:
    """Names that stand twice, NaN, other encodings and bottomless nesting are refused."""
    with pytest.raises(VerificationFailed, match="the test is not strict JSON"):
        parse_json(text.encode("latin-1"), "the test")


@pytest.mark.parametrize("text", ["YQ", "YR==", "Y Q==", "é", 7, None])
def test_base64_has_one_spelling(text: object) -> None:
    """Base64 without padding, with other trailing bits, with blanks, or no text is refused."""
    with pytest.raises(VerificationFailed, match="base64"):
        decode_base64(text, "the test")


def test_fields_name_what_is_wrong() -> None:
    """Each refusal names the object and the field."""
    value = {"n": True, "t": 5, "b": encode_base64(b"12"), "i": "2026-13-01T00:00:00Z", "l": {}}
    fields = Fields(value, "the test")
    for wrong, expected in (
        (lambda: fields.number("n", 0, 9), "the test, n is not a whole number from 0 to 9"),
        (lambda: fields.text("t"), "the test, t is not a text"),
        (lambda: fields.binary("b", 3), "the test, b is not 3 bytes"),
        (lambda: fields.instant("i"), "the test, i is not an instant in UTC"),
        (lambda: fields.items("l", 2), "the test, l is not a list of at most 2"),
        (lambda: fields.take("x"), "the test has no x"),
    ):
        with pytest.raises(VerificationFailed) as refusal:
            wrong()
        assert refusal.value.problem == expected


def test_unknown_fields_are_refused() -> None:
    """A field nobody asked for is refused: it may be a rule that this version does not know."""
    with pytest.raises(VerificationFailed, match="the test has an unknown field 'extra'"):
        Fields({"extra": 1}, "the test").end()


def test_instants() -> None:
    """Instants are written in UTC with seconds and read back."""
    assert write_instant(1_767_323_045_999) == "2026-01-02T03:04:05Z"
    fields = Fields(json.loads('{"at": "2026-01-02T03:04:05Z"}'), "the test")
    assert fields.instant("at") == 1_767_323_045_000
