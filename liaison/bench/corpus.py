"""Synthetic notifications of the size that case systems send: about 1 kB encoded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from schemas.identities import new_id
from schemas.markings import Handling, Role, SubjectStatus, Tlp, Urgency
from schemas.notifications import (
    DutyContact,
    Head,
    Identification,
    Identifier,
    Marking,
    MediaHash,
)

LATIN = tuple(c + v for c in "bdfgklmnprstvz" for v in "aeiou")
CYRILLIC = tuple(c + v for c in "бдфгклмнпрствз" for v in "аеиоу")
MARKING = Marking(Tlp.AMBER, Handling.H1, "prevention and investigation", "bilateral", "B2")
CONTACT = DutyContact("Duty desk", "duty@fr.example", "+33 1 00 00 00 00")


def identification(
    number: int, now_ms: int, *, origin: str = "FR", recipients: tuple[str, ...] = ("DE",)
) -> Identification:
    """The synthetic identification with this number; its id is new each time."""
    notification = new_id(now_ms)
    head = Head(
        id=notification,
        type="identification",
        version=1,
        origin=origin,
        reference=f"{origin}-BENCH-{number:08}",
        root=notification,
        created=now_ms,
        marking=MARKING,
        recipients=recipients,
        contact=CONTACT,
        urgency=Urgency.ROUTINE,
    )
    return Identification(
        head,
        role=Role.VICTIM,
        status=SubjectStatus.IDENTIFIED,
        names=(_name(number, LATIN), _name(number, CYRILLIC)),
        birth_date=f"20{number % 15:02}-{number % 12 + 1:02}-{number // 7 % 28 + 1:02}",
        sex="f",
        nationalities=(origin,),
        identifiers=(
            Identifier("email", f"person{number}@mail.example"),
            Identifier("username", f"person_{number}", "chat.example"),
            Identifier("phone", f"+33 1 99 00 {number % 100:02} {number // 100 % 100:02}"),
        ),
        media_hashes=tuple(_hash(number, i) for i in range(3)),
        series=None,
    )


def _name(number: int, syllables: Sequence[str]) -> str:
    """Three invented words; practically no two numbers have the same."""
    digest = hashlib.sha256(f"name/{number}".encode()).digest()
    words = [
        "".join(syllables[byte % len(syllables)] for byte in digest[3 * i : 3 * i + 3]).title()
        for i in range(3)
    ]
    return " ".join(words)


def _hash(number: int, i: int) -> MediaHash:
    return MediaHash("sha256", hashlib.sha256(f"{number}/{i}".encode()).hexdigest())
