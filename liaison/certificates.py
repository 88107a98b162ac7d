"""TLS certificates and requests for one.

The directory lists every member's certificate; nobody else's opinion counts, so an authority
that errs or is forced cannot make a new member. Whether a self-signed certificate or one of an
authority is listed makes no difference. The adapter for X.509 of ``cryptography``.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from schemas.errors import ConfigurationInvalid, VerificationFailed

DAYS = 397
"""How long a certificate made here is valid: as public authorities allow at most."""
BACKDATED = dt.timedelta(hours=1)
"""Clocks differ; a certificate is valid for a peer that is a little behind, too."""

Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    """A P-256 key: what every TLS library and Kafka's PEM stores take."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: Key) -> bytes:
    """PKCS#8 in PEM, not encrypted: the file's mode protects it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def self_signed(key: Key, code: str, hosts: Sequence[str], now_ms: int) -> bytes:
    """A certificate for ``hosts`` in PEM, for servers and clients, that cannot sign others."""
    start = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)
    name = _name(code, hosts)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - BACKDATED)
        .not_valid_after(start + dt.timedelta(days=DAYS))
    )
    for extension, critical in _extensions(hosts):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def signing_request(key: Key, code: str, hosts: Sequence[str]) -> bytes:
    """A PKCS#10 request for a certificate for ``hosts``, in PEM, to hand to an authority."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(code, hosts))
    for extension, critical in _extensions(hosts):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def load_certificate(path: Path) -> x509.Certificate:
    """The first certificate in a PEM file.

    Raises:
        ConfigurationInvalid: unreadable, or not one.
    """
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigurationInvalid(
            f"the TLS certificate {path} cannot be read",
            remedy="`liaison init` makes one; or put the one of your authority there",
        ) from error


def load_key(path: Path) -> Key:
    """The TLS key in a PEM file; raises as :func:`load_certificate`."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationInvalid(
            f"the TLS key {path} cannot be read", remedy="`liaison init` makes one"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigurationInvalid(
            f"the TLS key {path} is not an elliptic-curve key",
            remedy="use a P-256 key; `liaison init` makes one and a request for a certificate",
        )
    return key


def der(certificate: x509.Certificate) -> bytes:
    """As it is listed in the directory and compared."""
    return certificate.public_bytes(serialization.Encoding.DER)


def days_left(certificate: x509.Certificate, now_ms: int) -> float:
    """Days until it ends; negative when it has."""
    return (certificate.not_valid_after_utc.timestamp() - now_ms / 1000) / 86_400


def prove(key: Key, message: bytes) -> bytes:
    """A signature (ECDSA, SHA-256) that shows possession of a certificate's key."""
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def check_proof(certificate_der: bytes, message: bytes, proof: bytes) -> None:
    """Returns when ``proof`` was made by the key of the certificate.

    Raises:
        VerificationFailed: it was not.
    """
    try:
        key = x509.load_der_x509_certificate(certificate_der).public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(proof, message, ec.ECDSA(hashes.SHA256()))
            return
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise VerificationFailed("the proof for the TLS certificate does not verify") from error
    raise VerificationFailed("the TLS certificate has no elliptic-curve key")


def _name(code: str, hosts: Sequence[str]) -> x509.Name:
    # The common name has at most 64 characters (RFC 5280, appendix A.1).
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"liaison {code}"),
            x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64]),
        ]
    )


def _extensions(hosts: Sequence[str]) -> list[tuple[x509.ExtensionType, bool]]:
    usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage(usages), False),
        (x509.SubjectAlternativeName([_alternative(host) for host in hosts]), False),
    ]


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
