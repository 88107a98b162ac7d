"""A member request proves the keys it names."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cryptography import x509

from gateway.directory import write_member
from gateway.documents import encode_base64, wrap, write_instant, write_json
from gateway.signing import Signer
from liaison import certificates
from liaison.admission import CERTIFICATE_DOMAIN, DOMAIN, FORMAT, read_request, write_request
from schemas.errors import VerificationFailed
from schemas.members import Member, MemberStatus
from tests.gateway.test_directory import NOW, member

SIGNER = Signer.generate()
TLS_KEY = certificates.new_key()


def der_of(pem: bytes) -> bytes:
    """A certificate in the form the directory lists."""
    return certificates.der(x509.load_pem_x509_certificate(pem))


PEM = certificates.self_signed(TLS_KEY, "FR", ["fr.example"], NOW)
FR = member("FR", signing=(SIGNER.public,), certificates=(der_of(PEM),))


def forged(asked: Member, *, signer: Signer = SIGNER, proof_of: bytes | None = None) -> bytes:
    """A request put together by hand."""
    request = write_json(
        {"format": FORMAT, "created": write_instant(NOW), "member": write_member(asked)}
    )
    proof = certificates.prove(TLS_KEY, CERTIFICATE_DOMAIN + (proof_of or request))
    payload = {"request": encode_base64(request), "certificate_proof": encode_base64(proof)}
    return wrap(write_json(payload), DOMAIN, [signer])


def test_round_trip() -> None:
    """A request made from the private keys is accepted and names the member."""
    assert read_request(write_request(FR, [SIGNER], TLS_KEY, NOW)).member == FR


def test_signing_keys_of_somebody_else() -> None:
    """Naming signing keys that one does not hold is refused."""
    with pytest.raises(VerificationFailed, match="not signed by the keys it names"):
        read_request(forged(FR, signer=Signer.generate()))


def test_certificate_of_somebody_else() -> None:
    """Naming a certificate whose key one does not hold is refused."""
    other = certificates.self_signed(certificates.new_key(), "FR", ["fr.example"], NOW)
    with pytest.raises(VerificationFailed, match="proof for the TLS certificate does not verify"):
        read_request(forged(replace(FR, certificates=(der_of(other),))))


def test_proof_of_another_request() -> None:
    """The proof for the certificate holds for this request only."""
    with pytest.raises(VerificationFailed, match="proof for the TLS certificate does not verify"):
        read_request(forged(FR, proof_of=b"another request"))


def test_no_certificate_at_all() -> None:
    """Bytes that are no certificate are refused as such."""
    with pytest.raises(VerificationFailed, match="TLS certificate"):
        read_request(forged(replace(FR, certificates=(b"nonsense",))))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": MemberStatus.SUSPENDED},
        {"signing": (SIGNER.public, Signer.generate().public)},
        {"certificates": (*FR.certificates, b"another")},
    ],
)
def test_one_of_each(changes: dict[str, object]) -> None:
    """A request names one key of each kind: earlier ones are the federation's to keep."""
    with pytest.raises(VerificationFailed, match="names one key of each kind"):
        read_request(forged(replace(FR, **changes)))  # type: ignore[arg-type]


def test_vouching() -> None:
    """A request after a rotation shows that the earlier keys agree."""
    new = Signer.generate()
    rotated = replace(FR, signing=(new.public,))
    vouched = read_request(write_request(rotated, [new, SIGNER], TLS_KEY, NOW))
    assert vouched.vouched_by(FR.signing)
    alone = read_request(write_request(rotated, [new], TLS_KEY, NOW))
    assert not alone.vouched_by(FR.signing)


def test_changed_request() -> None:
    """A changed request does not verify."""
    envelope = json.loads(write_request(FR, [SIGNER], TLS_KEY, NOW))
    envelope["payload"] = json.loads(forged(replace(FR, name="Other")))["payload"]
    with pytest.raises(VerificationFailed, match="not signed by the keys it names"):
        read_request(json.dumps(envelope).encode())
