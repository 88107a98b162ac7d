"""The federation's directory as one signed file: who is a member, with which keys. Pure but `load`.

The payload of the envelope (``gateway/documents.py``) is UTF-8 JSON::

    {"format": "liaison-directory/1", "version": 7,
     "issued": "2026-01-02T03:04:05Z", "expires": "2026-02-01T03:04:05Z",
     "circles": {"eu": ["DE", "FR"]},
     "members": [{"code": "FR", "name": "…", "roles": ["contact-point"], "status": "active",
                  "endpoint": "https://…", "contact": {"unit": "…", "email": "…", "phone": "…"},
                  "signing": [{"ed25519": b64, "ml_dsa": b64}, …],
                  "sealing": [{"ml_kem": b64, "x25519": b64}, …],
                  "certificates": [b64 DER, …]}]}

Keys and certificates stand newest first. The federation's root signs ``liaison/v1/directory``,
NUL, and the payload, with both its keys. Verified in this order:

1. size and envelope;
2. both signatures by the root, over the payload as it is;
3. strict JSON of this format: nothing unknown, nothing missing, nothing twice;
4. not older than the newest version seen before (rollback);
5. not expired;
6. no key or certificate belongs to two members.

That a member holds its private keys is checked when it is admitted (``liaison/admission.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from gateway.documents import (
    Fields,
    decode_base64,
    encode_base64,
    parse_json,
    unwrap,
    wrap,
    write_instant,
    write_json,
)
from gateway.signing import Signer, verify
from schemas.errors import ConfigurationInvalid, VerificationFailed
from schemas.members import Member, MemberRole, MemberStatus, SealingKeys, SigningKeys, is_code
from schemas.notifications import DutyContact

Choice = TypeVar("Choice", bound=StrEnum)

FORMAT = "liaison-directory/1"
DOMAIN = b"liaison/v1/directory\0"
MAX_MEMBERS = 676
"""As many as there are codes of two letters."""
MAX_GENERATIONS = 4
"""Of keys and certificates of one member: the current ones and a few that run out."""
MAX_VERSION = 2**31
ED25519_BYTES, ML_DSA_BYTES, ML_KEM_BYTES, X25519_BYTES = 32, 1952, 1184, 32


@dataclass(frozen=True, slots=True)
class Document:
    """What the root signs. Instants in milliseconds."""

    version: int
    issued: int
    expires: int
    members: tuple[Member, ...]
    circles: Mapping[str, frozenset[str]]


class MemberFile:
    """A verified directory; implements :class:`schemas.ports.Directory`."""

    def __init__(self, document: Document) -> None:
        """Trusts ``document``; see :func:`verified`."""
        self.document = document
        self._by_code = {member.code: member for member in document.members}

    @property
    def version(self) -> int:
        """See :class:`schemas.ports.Directory`."""
        return self.document.version

    @property
    def expires(self) -> int:
        """The instant after which it must not be relied on, in milliseconds."""
        return self.document.expires

    def member(self, code: str) -> Member | None:
        """See :class:`schemas.ports.Directory`."""
        return self._by_code.get(code)

    def members(self) -> tuple[Member, ...]:
        """See :class:`schemas.ports.Directory`."""
        return self.document.members

    def circle(self, name: str) -> frozenset[str] | None:
        """See :class:`schemas.ports.Directory`."""
        return self.document.circles.get(name)


def load(path: Path, root: SigningKeys, *, minimum_version: int, now_ms: int) -> MemberFile:
    """The verified directory in ``path``.

    Raises:
        ConfigurationInvalid: the file cannot be read.
        VerificationFailed: see :func:`verified`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationInvalid(
            f"the directory of members {path} cannot be read",
            remedy="get the current one from the federation and put it there",
        ) from error
    return verified(data, root, minimum_version=minimum_version, now_ms=now_ms)


def verified(data: bytes, root: SigningKeys, *, minimum_version: int, now_ms: int) -> MemberFile:
    """The directory in ``data``, after the six checks above.

    Raises:
        VerificationFailed: one of them does not hold. Nothing else escapes.
    """
    document = read_signed(data, root)
    if document.version < minimum_version:
        raise VerificationFailed(
            f"the directory has version {document.version}, version {minimum_version} was seen "
            "before",
            remedy="get the current directory; find out who gave you the old one",
        )
    if document.expires <= now_ms:
        raise VerificationFailed(
            f"the directory expired at {write_instant(document.expires)}",
            remedy="get a fresh one from the federation, and check this machine's clock",
        )
    return MemberFile(document)


def read_signed(data: bytes, root: SigningKeys) -> Document:
    """Checks 1 to 3 and 6: what ``root`` signed, whatever its age.

    Raises:
        VerificationFailed: one of them does not hold.
    """
    payload, signatures = unwrap(data, "the directory")
    if len(signatures) != 1:
        raise VerificationFailed("the directory is not signed by exactly one root")
    try:
        verify(root, DOMAIN + payload, signatures[0])
    except VerificationFailed as error:
        raise VerificationFailed(
            "the directory is not signed by this federation's root",
            remedy="check [federation] root, and where the directory came from",
        ) from error
    return _read_document(payload)


def sign(document: Document, signer: Signer) -> bytes:
    """The signed file of ``document``.

    Raises:
        VerificationFailed: nobody would accept it; it is read back before it is given out.
    """
    payload = write_json(
        {
            "format": FORMAT,
            "version": document.version,
            "issued": write_instant(document.issued),
            "expires": write_instant(document.expires),
            "circles": {name: sorted(codes) for name, codes in document.circles.items()},
            "members": [write_member(m) for m in sorted(document.members, key=lambda m: m.code)],
        }
    )
    _read_document(payload)
    return wrap(payload, DOMAIN, [signer])


def write_member(member: Member) -> dict[str, Any]:
    """A member in JSON form."""
    return {
        "code": member.code,
        "name": member.name,
        "roles": sorted(member.roles),
        "status": member.status.value,
        "endpoint": member.endpoint,
        "contact": member.contact.to_record(),
        "signing": [
            {"ed25519": encode_base64(keys.ed25519), "ml_dsa": encode_base64(keys.ml_dsa)}
            for keys in member.signing
        ],
        "sealing": [
            {"ml_kem": encode_base64(keys.ml_kem), "x25519": encode_base64(keys.x25519)}
            for keys in member.sealing
        ],
        "certificates": [encode_base64(der) for der in member.certificates],
    }


def read_member(value: Any, where: str) -> Member:
    """A member from its JSON form.

    Raises:
        VerificationFailed: not of this form.
    """
    fields = Fields(value, where)
    member = Member(
        code=fields.text("code"),
        name=fields.text("name"),
        roles=frozenset(_choice(MemberRole, role, where) for role in fields.items("roles", 4)),
        status=_choice(MemberStatus, fields.take("status"), where),
        endpoint=fields.text("endpoint"),
        contact=_contact(fields.take("contact"), where),
        signing=tuple(_signing(k, where) for k in fields.items("signing", MAX_GENERATIONS)),
        sealing=tuple(_sealing(k, where) for k in fields.items("sealing", MAX_GENERATIONS)),
        certificates=tuple(
            decode_base64(der, f"{where}, certificates")
            for der in fields.items("certificates", MAX_GENERATIONS)
        ),
    )
    fields.end()
    _check_member(member, where)
    return member


def _check_member(member: Member, where: str) -> None:
    if not is_code(member.code):
        raise VerificationFailed(f"{where}, code is not two capital letters")
    try:
        url = urlsplit(member.endpoint)
        usable = url.scheme == "https" and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable or url.username is not None or url.query or url.fragment:
        raise VerificationFailed(f"{where}, endpoint is not a plain https:// address")
    if not (member.signing and member.sealing and member.certificates):
        raise VerificationFailed(f"{where} lacks a key or a certificate")


def _read_document(payload: bytes) -> Document:
    where = "the directory"
    fields = Fields(parse_json(payload, where), where)
    if fields.text("format") != FORMAT:
        raise VerificationFailed(
            f"the directory is not of format {FORMAT}", remedy="upgrade this node"
        )
    members = tuple(
        read_member(value, f"member {index + 1} of the directory")
        for index, value in enumerate(fields.items("members", MAX_MEMBERS))
    )
    circles = _circles(fields.take("circles"), {member.code for member in members})
    document = Document(
        version=fields.number("version", 1, MAX_VERSION),
        issued=fields.instant("issued"),
        expires=fields.instant("expires"),
        members=tuple(sorted(members, key=lambda member: member.code)),
        circles=circles,
    )
    fields.end()
    _check_unique("code", (member.code for member in members))
    _check_unique("certificate", (der for member in members for der in member.certificates))
    _check_unique("key", (key for member in members for key in public_keys(member)))
    return document


def public_keys(member: Member) -> list[bytes]:
    """Every public key of ``member``."""
    signing = [key for keys in member.signing for key in (keys.ed25519, keys.ml_dsa)]
    return signing + [key for keys in member.sealing for key in (keys.ml_kem, keys.x25519)]


def _check_unique(what: str, values: Iterable[str | bytes]) -> None:
    seen: set[str | bytes] = set()
    for value in values:
        if value in seen:
            raise VerificationFailed(f"the directory lists a {what} twice")
        seen.add(value)


def _circles(value: Any, codes: set[str]) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise VerificationFailed("the directory's circles are not an object")
    fields = Fields(value, "the directory's circles")
    circles = {name: fields.items(name, MAX_MEMBERS) for name in value}
    for named in circles.values():
        if not all(isinstance(code, str) and code in codes for code in named):
            raise VerificationFailed(
                "a circle names somebody who is not a member",
                remedy="admit the member first, or correct the circle",
            )
    return {name: frozenset(named) for name, named in circles.items()}


def _contact(value: Any, where: str) -> DutyContact:
    fields = Fields(value, f"{where}, contact")
    contact = DutyContact(fields.text("unit"), fields.text("email"), fields.text("phone"))
    fields.end()
    return contact


def _signing(value: Any, where: str) -> SigningKeys:
    fields = Fields(value, f"{where}, signing")
    keys = SigningKeys(
        fields.binary("ed25519", ED25519_BYTES), fields.binary("ml_dsa", ML_DSA_BYTES)
    )
    fields.end()
    return keys


def _sealing(value: Any, where: str) -> SealingKeys:
    fields = Fields(value, f"{where}, sealing")
    keys = SealingKeys(fields.binary("ml_kem", ML_KEM_BYTES), fields.binary("x25519", X25519_BYTES))
    fields.end()
    return keys


def _choice(kind: type[Choice], value: Any, where: str) -> Choice:
    try:
        return kind(value)
    except ValueError as error:
        raise VerificationFailed(f"{where} has a role or status that is not known") from error
