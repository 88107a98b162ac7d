"""The signed directory: what is accepted, and why the rest is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway import directory
from gateway.directory import Document, MemberFile
from gateway.documents import unwrap, wrap
from gateway.sealing import Opener
from gateway.signing import Signer
from schemas.errors import ConfigurationInvalid, VerificationFailed
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import DutyContact

NOW = 1_800_000_000_000
DAY = 86_400_000
ROOT = Signer.generate()


def member(code: str, **changes: Any) -> Member:
    """A member with keys of its own."""
    made = Member(
        code=code,
        name=f"Contact point {code}",
        roles=frozenset({MemberRole.CONTACT_POINT}),
        status=MemberStatus.ACTIVE,
        endpoint=f"https://{code.lower()}.example:8443",
        contact=DutyContact("Duty desk", "desk@contact.example", ""),
        signing=(Signer.generate().public,),
        sealing=(Opener.generate().public,),
        certificates=(b"certificate of " + code.encode(),),
    )
    return replace(made, **changes)


FR, DE = member("FR"), member("DE", status=MemberStatus.SUSPENDED)
DOCUMENT = Document(7, NOW - DAY, NOW + DAY, (DE, FR), {"eu": frozenset({"DE", "FR"})})
SIGNED = directory.sign(DOCUMENT, ROOT)


def verified(data: bytes, **changes: Any) -> MemberFile:
    """``data`` verified at NOW, unless changed."""
    return directory.verified(data, ROOT.public, **{"minimum_version": 0, "now_ms": NOW, **changes})


def resigned(edit: Callable[[dict[str, Any]], None]) -> bytes:
    """The directory with its JSON changed, signed by the root nevertheless."""
    payload, _ = unwrap(SIGNED, "the directory")
    value = json.loads(payload)
    edit(value)
    return wrap(json.dumps(value).encode(), directory.DOMAIN, [ROOT])


def test_round_trip() -> None:
    """What was signed is what is read: members, keys, circles, version, expiry."""
    found = verified(SIGNED)
    assert found.version == 7
    assert found.expires == NOW + DAY
    assert found.members() == (DE, FR)
    assert found.member("FR") == FR
    assert found.member("PH") is None
    assert found.circle("eu") == {"DE", "FR"}
    assert found.circle("asean") is None


def test_wrong_root() -> None:
    """A directory signed by another root is refused."""
    with pytest.raises(VerificationFailed, match="not signed by this federation's root"):
        directory.verified(SIGNED, Signer.generate().public, minimum_version=0, now_ms=NOW)


def test_changed_byte() -> None:
    """One changed byte of the payload breaks the signature."""
    payload, signatures = unwrap(SIGNED, "the directory")
    envelope = json.loads(SIGNED)
    forged = json.loads(wrap(payload.replace(b'"FR"', b'"FI"'), directory.DOMAIN, [ROOT]))
    envelope["payload"] = forged["payload"]
    assert len(signatures) == 1
    with pytest.raises(VerificationFailed, match="not signed by this federation's root"):
        verified(json.dumps(envelope).encode())


@pytest.mark.parametrize("which", ["ed25519", "ml_dsa"])
def test_both_signatures_count(which: str) -> None:
    """One good signature of the two is not enough, whichever it is."""
    other = directory.sign(replace(DOCUMENT, version=8), ROOT)
    envelope = json.loads(SIGNED)
    envelope["signatures"][0][which] = json.loads(other)["signatures"][0][which]
    with pytest.raises(VerificationFailed, match="not signed by this federation's root"):
        verified(json.dumps(envelope).encode())


def test_other_domain() -> None:
    """A signature made for another use does not pass for one of a directory."""
    payload, _ = unwrap(SIGNED, "the directory")
    with pytest.raises(VerificationFailed, match="not signed by this federation's root"):
        verified(wrap(payload, b"liaison/v1/member-request\0", [ROOT]))


def test_rollback() -> None:
    """An older version than one seen before is refused; the same is not."""
    assert verified(SIGNED, minimum_version=7).version == 7
    with pytest.raises(VerificationFailed) as refusal:
        verified(SIGNED, minimum_version=8)
    assert refusal.value.problem == "the directory has version 7, version 8 was seen before"


def test_expiry() -> None:
    """It holds until the instant it names, and not at it."""
    assert verified(SIGNED, now_ms=NOW + DAY - 1).version == 7
    with pytest.raises(VerificationFailed, match="the directory expired at 2027-01-16T08:00:00Z"):
        verified(SIGNED, now_ms=NOW + DAY)


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda d: d.update(format="liaison-directory/2"), "is not of format liaison-directory/1"),
        (lambda d: d.update(extra=1), "the directory has an unknown field 'extra'"),
        (lambda d: d.pop("version"), "the directory has no version"),
        (lambda d: d.update(version=0), "version is not a whole number"),
        (lambda d: d.update(members={}), "members is not a list of at most 676"),
        (lambda d: d["members"][0].update(code="fr"), "code is not two capital letters"),
        (lambda d: d["members"][0].update(status="banned"), "role or status that is not known"),
        (lambda d: d["members"][0].update(roles=["root"]), "role or status that is not known"),
        (lambda d: d["members"][0].update(signing=[]), "lacks a key or a certificate"),
        (lambda d: d["members"][0].update(endpoint="http://de.example"), "not a plain https://"),
        (lambda d: d["members"][0].update(endpoint="https://a@de.example"), "not a plain https://"),
        (lambda d: d["members"][0].update(endpoint="https://de.example:x"), "not a plain https://"),
        (lambda d: d["members"][0].update(note=""), "has an unknown field 'note'"),
        (lambda d: d["members"].append(d["members"][0]), "lists a code twice"),
        (lambda d: d["circles"].update(x=["PH"]), "a circle names somebody who is not a member"),
        (lambda d: d.update(circles=[]), "circles are not an object"),
    ],
)
def test_strict_form(edit: Callable[[dict[str, Any]], None], problem: str) -> None:
    """Even signed by the root, a directory of another form is refused, with what is wrong."""
    with pytest.raises(VerificationFailed, match=problem):
        verified(resigned(edit))


@pytest.mark.parametrize(
    ("field", "what"), [("signing", "key"), ("sealing", "key"), ("certificates", "certificate")]
)
def test_nothing_belongs_to_two(field: str, what: str) -> None:
    """A key or certificate that two members name would make one pass for the other."""
    twin = replace(FR, code="PH", **{field: getattr(DE, field)})
    with pytest.raises(VerificationFailed, match=f"the directory lists a {what} twice"):
        directory.sign(replace(DOCUMENT, members=(DE, twin), circles={}), ROOT)


def test_file(tmp_path: Path) -> None:
    """It is loaded from a file; a missing one names the file and what to do."""
    path = tmp_path / "directory.json"
    path.write_bytes(SIGNED)
    loaded = directory.load(path, ROOT.public, minimum_version=0, now_ms=NOW)
    assert loaded.version == 7
    with pytest.raises(ConfigurationInvalid, match=r"none\.json cannot be read"):
        directory.load(tmp_path / "none.json", ROOT.public, minimum_version=0, now_ms=NOW)


def test_order_does_not_matter() -> None:
    """The same members give the same payload, in whatever order they were admitted."""
    shuffled = directory.sign(replace(DOCUMENT, members=(FR, DE)), ROOT)
    assert unwrap(shuffled, "the directory")[0] == unwrap(SIGNED, "the directory")[0]
