"""Signed JSON documents: the exact bytes that were signed, and a strict reading of them. Pure.

The envelope is JSON, too: ``{"payload": base64, "signatures": [{"ed25519": base64, "ml_dsa":
base64}, …]}``. Signatures are over a domain and the payload's bytes as they are, never over
something written again (DSSE's lesson). Base64 is RFC 4648 section 4, with padding.

Only :class:`~schemas.errors.VerificationFailed` escapes what reads here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from gateway.signing import ED25519_SIGNATURE_BYTES, ML_DSA_SIGNATURE_BYTES, Signatures, Signer
from schemas.errors import VerificationFailed

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
"""A directory of two hundred members with two generations of keys has about 2 MiB."""
MAX_TEXT = 2048
"""Characters of one text in a document: addresses and names are far shorter."""
MAX_SIGNATURES = 8

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Fields:
    """The fields of one JSON object, each taken once; :meth:`end` refuses what nobody took."""

    def __init__(self, value: Any, where: str) -> None:
        """``where`` names the object in refusals."""
        if not isinstance(value, dict):
            raise VerificationFailed(f"{where} is not an object")
        self._left = dict(value)
        self.where = where

    def take(self, name: str) -> Any:
        """The raw value of a field that must be there."""
        try:
            return self._left.pop(name)
        except KeyError as error:
            raise VerificationFailed(f"{self.where} has no {name}") from error

    def text(self, name: str) -> str:
        """A text of bounded length."""
        value = self.take(name)
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise self.wrong(name, "a text")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number in a range."""
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.wrong(name, f"a whole number from {low} to {high}")
        return value

    def instant(self, name: str) -> int:
        """An instant such as ``2026-01-02T03:04:05Z``, in milliseconds."""
        value = self.text(name)
        if not _INSTANT.fullmatch(value):
            raise self.wrong(name, "an instant in UTC")
        try:
            return int(datetime.fromisoformat(value).timestamp() * 1000)
        except ValueError as error:
            raise self.wrong(name, "an instant in UTC") from error

    def binary(self, name: str, length: int) -> bytes:
        """Bytes in base64, of exactly ``length``."""
        data = decode_base64(self.take(name), f"{self.where}, {name}")
        if len(data) != length:
            raise self.wrong(name, f"{length} bytes")
        return data

    def items(self, name: str, limit: int) -> list[Any]:
        """A list of at most ``limit`` values."""
        value = self.take(name)
        if not isinstance(value, list) or len(value) > limit:
            raise self.wrong(name, f"a list of at most {limit}")
        return value

    def end(self) -> None:
        """Refuses fields that nobody took: an older reader must not ignore a newer rule."""
        for name in self._left:
            raise VerificationFailed(f"{self.where} has an unknown field {name[:40]!r}")

    def wrong(self, name: str, expected: str) -> VerificationFailed:
        """The refusal of a field that is not what it should be."""
        return VerificationFailed(f"{self.where}, {name} is not {expected}")


def parse_json(data: bytes, where: str) -> Any:
    """The value in ``data``: UTF-8, no duplicate names, no NaN, bounded."""
    if len(data) > MAX_DOCUMENT_BYTES:
        raise VerificationFailed(f"{where} has more than {MAX_DOCUMENT_BYTES} bytes")
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise VerificationFailed(f"{where} is not strict JSON") from error


def write_json(value: Any) -> bytes:
    """Readable UTF-8 with sorted names; the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def wrap(payload: bytes, domain: bytes, signers: Sequence[Signer]) -> bytes:
    """The envelope of ``payload``, signed by each of ``signers``."""
    signatures = [signer.sign(domain + payload) for signer in signers]
    return write_json(
        {
            "payload": encode_base64(payload),
            "signatures": [
                {"ed25519": encode_base64(pair.ed25519), "ml_dsa": encode_base64(pair.ml_dsa)}
                for pair in signatures
            ],
        }
    )


def unwrap(data: bytes, where: str) -> tuple[bytes, tuple[Signatures, ...]]:
    """The payload and the signatures of an envelope: nothing is verified yet."""
    envelope = Fields(parse_json(data, where), where)
    payload = decode_base64(envelope.take("payload"), f"{where}, payload")
    signatures = []
    for value in envelope.items("signatures", MAX_SIGNATURES):
        pair = Fields(value, f"{where}, signatures")
        signatures.append(
            Signatures(
                pair.binary("ed25519", ED25519_SIGNATURE_BYTES),
                pair.binary("ml_dsa", ML_DSA_SIGNATURE_BYTES),
            )
        )
        pair.end()
    envelope.end()
    return payload, tuple(signatures)


def encode_base64(data: bytes) -> str:
    """RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def decode_base64(value: Any, where: str) -> bytes:
    """RFC 4648 section 4; refuses every other spelling of the same bytes."""
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise VerificationFailed(f"{where} is not base64") from error
    if encode_base64(data) != value:
        raise VerificationFailed(f"{where} is not canonical base64")
    return data


def write_instant(ms: int) -> str:
    """``2026-01-02T03:04:05Z``."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)
