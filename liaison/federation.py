"""The federation's side: its root key, admitting members, signing the directory.

A federation's directory on disk::

    DIR/root-key.json         the private root key, mode 0600; belongs in a safe
    DIR/federation-root.json  its public half: every node has a copy
    DIR/directory.json        the signed directory: every node has the newest

A node's own side is here too: its request, and opening the directory it was given.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gateway import directory
from gateway.directory import Document, MemberFile
from gateway.documents import Fields, encode_base64, parse_json, write_json
from gateway.signing import Signer
from liaison.admission import read_request, write_request
from liaison.certificates import der, load_certificate, load_key
from liaison.configuration import Configuration
from liaison.keys import Keyring, load_signer, locked_directory, save_signer
from liaison.processes import write_atomically
from schemas.errors import ConfigurationInvalid, InputRefused, VerificationFailed
from schemas.members import Member, MemberStatus, SigningKeys

ROOT_KEY = "root-key.json"
ROOT_FILE = "federation-root.json"
DIRECTORY_FILE = "directory.json"
ROOT_FORMAT = "liaison-federation-root/1"
DAYS = 30
"""How long a directory is good: a suspension reaches everybody within this time at the latest."""
KEPT_GENERATIONS = 2
"""Keys that stay listed after a rotation: the new ones and those they replace."""
DAY_MS = 86_400_000

Change = Callable[[Document], Document]


def now_ms() -> int:
    """The present instant."""
    return time.time_ns() // 1_000_000


def create(home: Path, *, days: int = DAYS) -> SigningKeys:
    """Makes a federation's root key and an empty directory; an existing one stays as it is."""
    with locked_directory(home):
        if not (home / ROOT_KEY).exists():
            save_signer(home / ROOT_KEY, Signer.generate())
        root = load_signer(home / ROOT_KEY)
        write_atomically(home / ROOT_FILE, write_root(root.public), mode=0o644)
        if not (home / DIRECTORY_FILE).exists():
            now = now_ms()
            _publish(home, root, Document(1, now, now + days * DAY_MS, (), {}))
    return root.public


def change(home: Path, edit: Change, *, days: int = DAYS) -> Document:
    """Applies ``edit`` to the directory and signs the next version, good for ``days``.

    Raises:
        ConfigurationInvalid: there is no federation in ``home``.
        VerificationFailed: its directory was changed by somebody else, or would not be valid.
    """
    if not (home / ROOT_KEY).exists():
        raise ConfigurationInvalid(
            f"there is no federation in {home}", remedy="`liaison federation create` makes one"
        )
    with locked_directory(home):
        root = load_signer(home / ROOT_KEY)
        old = directory.read_signed((home / DIRECTORY_FILE).read_bytes(), root.public)
        now = now_ms()
        new = replace(edit(old), version=old.version + 1, issued=now, expires=now + days * DAY_MS)
        _publish(home, root, new)
    return new


def admit(
    document: Document,
    request: bytes,
    *,
    hubs: frozenset[str] = frozenset(),
    replace_keys: bool = False,
) -> Document:
    """``document`` with the member of ``request`` added, or its entry renewed.

    A renewed entry keeps the previous keys behind the new ones, and the previous keys must have
    signed the request, unless ``replace_keys`` says that they are lost. A member is a hub only
    when ``hubs`` says so, too: asking is not enough.

    Raises:
        VerificationFailed: a proof in the request does not hold.
        InputRefused: something the federation has to confirm is not confirmed.
    """
    try:
        admission = read_request(request)
    except VerificationFailed as error:
        remedy = error.remedy or "ask the member for its member-request.json once more"
        raise VerificationFailed(error.problem, remedy=remedy) from error
    asked = admission.member
    if asked.is_hub and asked.code not in hubs:
        raise InputRefused(
            f"{asked.code} asks to be a hub", remedy=f"confirm it with --hub {asked.code}"
        )
    before = next((m for m in document.members if m.code == asked.code), None)
    if before is not None and not (replace_keys or admission.vouched_by(before.signing)):
        raise InputRefused(
            f"the request of {asked.code} is not signed by the keys it replaces",
            remedy="make sure in person that it is theirs, then add --replace-keys",
        )
    entry = asked if before is None else _renewed(before, asked)
    others = tuple(member for member in document.members if member.code != asked.code)
    return replace(document, members=(*others, entry))


def set_status(document: Document, code: str, status: MemberStatus) -> Document:
    """``document`` with the member ``code`` suspended or active again.

    Raises:
        InputRefused: it is not listed.
    """
    if all(member.code != code for member in document.members):
        raise InputRefused(f"{code} is not in the directory", remedy="check the code")
    return replace(
        document,
        members=tuple(
            replace(member, status=status) if member.code == code else member
            for member in document.members
        ),
    )


def own_request(configuration: Configuration) -> bytes:
    """This node's request to be listed, with its newest keys.

    Raises:
        ConfigurationInvalid: keys or certificate are missing.
    """
    keyring = Keyring.load(configuration.keys)
    member = Member(
        code=configuration.jurisdiction,
        name=configuration.name,
        roles=configuration.roles,
        status=MemberStatus.ACTIVE,
        endpoint=configuration.gateway.public_url,
        contact=configuration.contact,
        signing=(keyring.signers[0].public,),
        sealing=(keyring.openers[0].public,),
        certificates=(der(load_certificate(configuration.gateway.certificate)),),
    )
    tls_key = load_key(configuration.gateway.private_key)
    return write_request(member, keyring.signers, tls_key, now_ms())


def open_member_file(configuration: Configuration, at_ms: int | None = None) -> MemberFile:
    """The verified directory of this node, never older than one it saw before.

    It must be good at the instant ``at_ms``, now without it.

    Raises:
        ConfigurationInvalid: a file is missing.
        VerificationFailed: see :func:`gateway.directory.verified`.
    """
    seen_file = configuration.data / "directory-version"
    seen = _seen(seen_file)
    members = directory.load(
        configuration.directory_file,
        read_root(configuration.federation_root),
        minimum_version=max(seen, configuration.directory_version),
        now_ms=now_ms() if at_ms is None else at_ms,
    )
    if members.version > seen:
        seen_file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(seen_file, str(members.version))
    return members


def write_root(keys: SigningKeys) -> str:
    """The public file of the federation's root."""
    document = {
        "format": ROOT_FORMAT,
        "ed25519": encode_base64(keys.ed25519),
        "ml_dsa": encode_base64(keys.ml_dsa),
    }
    return write_json(document).decode()


def read_root(path: Path) -> SigningKeys:
    """The root's public keys.

    Raises:
        ConfigurationInvalid: unreadable, or not such a file.
    """
    try:
        fields = Fields(parse_json(path.read_bytes(), "the federation's root"), "the root")
        if fields.text("format") != ROOT_FORMAT:
            raise fields.wrong("format", ROOT_FORMAT)
        keys = SigningKeys(
            fields.binary("ed25519", directory.ED25519_BYTES),
            fields.binary("ml_dsa", directory.ML_DSA_BYTES),
        )
        fields.end()
    except (OSError, VerificationFailed) as error:
        raise ConfigurationInvalid(
            f"the federation's root keys {path} cannot be read",
            remedy="get federation-root.json from the federation by a way you trust",
        ) from error
    return keys


def describe(document: Document) -> list[dict[str, Any]]:
    """The members for people, without key material."""
    return [
        {
            "code": member.code,
            "name": member.name,
            "roles": sorted(member.roles),
            "status": member.status.value,
            "endpoint": member.endpoint,
            "unit": member.contact.unit,
            "circles": sorted(n for n, codes in document.circles.items() if member.code in codes),
        }
        for member in document.members
    ]


def _seen(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        raise ConfigurationInvalid(
            f"{path} is damaged: it holds the newest directory version seen",
            remedy="write the number of the current version into it; `liaison federation show`",
        ) from error


def _renewed(before: Member, asked: Member) -> Member:
    def merged(new: tuple[Any, ...], old: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys((*new, *old)))[:KEPT_GENERATIONS]

    return replace(
        asked,
        status=before.status,
        signing=merged(asked.signing, before.signing),
        sealing=merged(asked.sealing, before.sealing),
        certificates=merged(asked.certificates, before.certificates),
    )


def _publish(home: Path, root: Signer, document: Document) -> None:
    signed = directory.sign(document, root).decode()
    write_atomically(home / DIRECTORY_FILE, signed, mode=0o644)
