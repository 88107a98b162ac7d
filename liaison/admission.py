"""A member's request to be listed in the directory, with proof that it holds its keys. Pure.

The request is ``{"format": "liaison-member-request/1", "created": instant, "member": …}``, the
member as in the directory with one pair of each kind of key and one certificate. The TLS key
signs ``liaison/v1/member-certificate``, NUL, request; both signing keys sign
``liaison/v1/member-request``, NUL, and ``{"request": base64, "certificate_proof": base64}``.
After a rotation the keys replaced sign, too: so a renewal comes from whom it says.

Sealing keys cannot sign. The signing keys vouch for them, the directory refuses a key that two
members name, and whoever names one it does not hold can open nothing that is sent to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.directory import read_member, write_member
from gateway.documents import (
    MAX_SIGNATURES,
    Fields,
    decode_base64,
    encode_base64,
    parse_json,
    unwrap,
    wrap,
    write_instant,
    write_json,
)
from gateway.signing import Signatures, Signer, verify
from liaison.certificates import Key, check_proof, prove
from schemas.errors import VerificationFailed
from schemas.members import Member, MemberStatus, SigningKeys

FORMAT = "liaison-member-request/1"
DOMAIN = b"liaison/v1/member-request\0"
CERTIFICATE_DOMAIN = b"liaison/v1/member-certificate\0"


@dataclass(frozen=True, slots=True)
class AdmissionRequest:
    """A request whose own proofs hold."""

    member: Member
    payload: bytes
    signatures: tuple[Signatures, ...]

    def vouched_by(self, earlier: Sequence[SigningKeys]) -> bool:
        """Whether one of the ``earlier`` keys of the member signed it, too."""
        return any(
            _verifies(keys, self.payload, pair) for keys in earlier for pair in self.signatures
        )


def write_request(member: Member, signers: Sequence[Signer], tls_key: Key, now_ms: int) -> bytes:
    """The request of ``member``, proven by the private halves of its keys, newest first."""
    request = write_json(
        {"format": FORMAT, "created": write_instant(now_ms), "member": write_member(member)}
    )
    payload = write_json(
        {
            "request": encode_base64(request),
            "certificate_proof": encode_base64(prove(tls_key, CERTIFICATE_DOMAIN + request)),
        }
    )
    return wrap(payload, DOMAIN, signers[:MAX_SIGNATURES])


def read_request(data: bytes) -> AdmissionRequest:
    """The request, once the member has proven the keys it names.

    Raises:
        VerificationFailed: not such a request, or a proof does not hold.
    """
    where = "the member request"
    payload, signatures = unwrap(data, where)
    outer = Fields(parse_json(payload, where), where)
    request = decode_base64(outer.take("request"), where)
    proof = decode_base64(outer.take("certificate_proof"), where)
    outer.end()
    member = _read_member(request, where)
    if not signatures or not _verifies(member.signing[0], payload, signatures[0]):
        raise VerificationFailed(
            "the member request is not signed by the keys it names",
            remedy="ask the member for a new one: `liaison federation request`",
        )
    check_proof(member.certificates[0], CERTIFICATE_DOMAIN + request, proof)
    return AdmissionRequest(member, payload, signatures)


def _verifies(keys: SigningKeys, payload: bytes, signatures: Signatures) -> bool:
    try:
        verify(keys, DOMAIN + payload, signatures)
    except VerificationFailed:
        return False
    return True


def _read_member(request: bytes, where: str) -> Member:
    fields = Fields(parse_json(request, where), where)
    if fields.text("format") != FORMAT:
        raise VerificationFailed(f"the member request is not of format {FORMAT}")
    fields.instant("created")
    member = read_member(fields.take("member"), where)
    fields.end()
    counts = {len(member.signing), len(member.sealing), len(member.certificates)}
    if counts != {1} or member.status is not MemberStatus.ACTIVE:
        raise VerificationFailed("a member request names one key of each kind, and is active")
    return member
