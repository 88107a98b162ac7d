"""Frozen Python types of the notifications, field for field as in ``avro/*.avsc``.

A test holds them to the schemas. Instants are integers, milliseconds since 1970-01-01 UTC.
``to_record`` and ``from_record`` convert to and from the plain dictionaries that Avro
libraries use.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, Self

from schemas.markings import (
    Handling,
    MatchDecision,
    Mode,
    Relation,
    Role,
    Strength,
    SubjectStatus,
    Tlp,
    Urgency,
    Verdict,
)

Record = dict[str, Any]


class _Recordable:
    """Conversion between a frozen dataclass and the dictionary that Avro reads and writes."""

    def to_record(self) -> Record:
        """The dictionary form; enums become plain strings, tuples lists."""
        cls: type = type(self)
        return typing.cast(Record, _writer(cls)(self))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """From the dictionary form, as decoded by the codec. Trusts its types.

        Raises:
            KeyError: a value is outside its closed list, or missing.
        """
        wanted: type = cls
        return typing.cast(Self, _reader(wanted)(record))


_Convert = Callable[[Any], Any]


@cache
def _writer(cls: type) -> _Convert:
    """A function that makes the dictionary of a ``cls``; made once per type."""
    names, steps = _fields_of(cls, writing=True)
    # One call fetches all attributes; only the fields that need it are touched again.
    fetch = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)

    def write(value: Any) -> Record:
        record = dict(zip(names, fetch(value), strict=True))
        for name, convert in steps:
            record[name] = convert(record[name])
        return record

    return write


@cache
def _reader(cls: type) -> _Convert:
    """A function that builds ``cls`` from a dictionary; made once per type."""
    names, steps = _fields_of(cls, writing=False)
    indexed = [(names.index(name), convert) for name, convert in steps]
    fetch = itemgetter(*names) if len(names) > 1 else lambda record: (record[names[0]],)

    def read(record: Mapping[str, Any]) -> Any:
        values = list(fetch(record))
        for index, convert in indexed:
            values[index] = convert(values[index])
        return cls(*values)

    return read


def _fields_of(
    cls: type, *, writing: bool
) -> tuple[tuple[str, ...], tuple[tuple[str, _Convert], ...]]:
    """The names of all fields of ``cls``, and the conversion of each that needs one."""
    hints = typing.get_type_hints(cls)
    names = tuple(field.name for field in fields(cls))
    converters = ((name, _converter(hints[name], writing=writing)) for name in names)
    return names, tuple((name, convert) for name, convert in converters if convert)


def _converter(hint: Any, *, writing: bool) -> _Convert | None:
    """How to convert a value of type ``hint``; None where it is already right."""
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        inner = next(a for a in arguments if a is not types.NoneType)
        return _unless_none(_converter(inner, writing=writing))
    if typing.get_origin(hint) is tuple:
        container = list if writing else tuple
        each = _converter(arguments[0], writing=writing)
        return (lambda values: container(map(each, values))) if each else container
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        # A dictionary is ten times as quick as calling the class.
        return attrgetter("_value_") if writing else {m.value: m for m in hint}.__getitem__
    if is_dataclass(hint) and isinstance(hint, type):
        return _writer(hint) if writing else _reader(hint)
    return None


def _unless_none(convert: _Convert | None) -> _Convert | None:
    return convert and (lambda value: None if value is None else convert(value))


@dataclass(frozen=True, slots=True)
class Marking(_Recordable):
    """How a notification may be handled. The defaults are the most restrictive."""

    tlp: Tlp = Tlp.RED
    handling: Handling = Handling.H3
    purpose: str = ""
    legal_basis: str = ""
    grading: str = ""


@dataclass(frozen=True, slots=True)
class DutyContact(_Recordable):
    """How to reach the duty officer of a contact point: a function, never a person."""

    unit: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Head(_Recordable):
    """What every notification begins with."""

    id: str
    type: str
    version: int
    origin: str
    reference: str
    root: str
    created: int
    marking: Marking
    relation: Relation = Relation.NEW
    predecessors: tuple[str, ...] = ()
    valid_until: int | None = None
    review_at: int | None = None
    mode: Mode = Mode.ACTUAL
    urgency: Urgency = Urgency.ROUTINE
    recipients: tuple[str, ...] = ()
    contact: DutyContact | None = None
    operation: str | None = None
    revision: int = 1
    withheld: tuple[str, ...] = ()

    def expired(self, now_ms: int) -> bool:
        """Whether its time is over at ``now_ms``."""
        return self.valid_until is not None and self.valid_until <= now_ms


@dataclass(frozen=True, slots=True)
class Identifier(_Recordable):
    """An e-mail address, phone number, account, wallet, device, IP address or national id."""

    type: str
    value: str
    platform: str | None = None
    seen_at: int | None = None


@dataclass(frozen=True, slots=True)
class MediaHash(_Recordable):
    """A hash of a file; never the file."""

    algorithm: str
    value: str


class Notification(_Recordable):
    """Base of the notification types; each has a ``head``."""

    __slots__ = ()
    head: Head

    def with_head(self, **changes: Any) -> Self:
        """A copy whose head has ``changes``."""
        return replace(self, head=replace(self.head, **changes))  # type: ignore[type-var]


@dataclass(frozen=True, slots=True)
class Identification(Notification):
    """A victim or an offender, suspected, identified or safeguarded."""

    head: Head
    role: Role = Role.UNKNOWN
    status: SubjectStatus | None = None
    names: tuple[str, ...] = ()
    birth_date: str | None = None
    sex: str | None = None
    nationalities: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    media_hashes: tuple[MediaHash, ...] = ()
    series: str | None = None


@dataclass(frozen=True, slots=True)
class TakedownStatus(_Recordable):
    """One step in the history of a takedown."""

    status: str
    at: int
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Takedown(Notification):
    """A website or host, and what is asked of the hosting country."""

    head: Head
    url: str | None = None
    domain: str | None = None
    host: str | None = None
    hosting_country: str | None = None
    provider: str | None = None
    commercial: bool | None = None
    payment_methods: tuple[str, ...] = ()
    evidence_hashes: tuple[MediaHash, ...] = ()
    requested_action: str | None = None
    history: tuple[TakedownStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class LastSeen(_Recordable):
    """When and where a missing child was last seen."""

    at: int | None = None
    place: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class MissingChild(Notification):
    """An alert for a missing child."""

    head: Head
    names: tuple[str, ...] = ()
    birth_date: str | None = None
    sex: str | None = None
    nationalities: tuple[str, ...] = ()
    description: str | None = None
    last_seen: LastSeen | None = None
    circumstances: str | None = None
    vehicle: str | None = None
    companion: str | None = None
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    broadcast: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side(_Recordable):
    """One of the two subjects of a match, without identity data."""

    jurisdiction: str
    reference: str
    notification: str
    role: str = "unknown"
    contact: DutyContact | None = None


@dataclass(frozen=True, slots=True)
class EvidenceKind(_Recordable):
    """Which kind of feature met and how strongly; never its value."""

    kind: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class MatchAlert(Notification):
    """Tells one contact point that its subject seems to be identified elsewhere."""

    head: Head
    pair: str
    evidence_version: int
    yours: Side
    theirs: Side
    decision: MatchDecision = MatchDecision.COMPARE
    strength: Strength = Strength.WEAK
    evidence: tuple[EvidenceKind, ...] = ()
    verdict_due: int | None = None


@dataclass(frozen=True, slots=True)
class MatchVerdict(Notification):
    """What one party of a match found."""

    head: Head
    pair: str
    notifications: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Recall(Notification):
    """The originator takes notifications of its own back."""

    head: Head
    targets: tuple[str, ...]
    reason: str = ""


TYPES: dict[str, type[Notification]] = {
    "identification": Identification,
    "takedown": Takedown,
    "missing-child": MissingChild,
    "match-alert": MatchAlert,
    "match-verdict": MatchVerdict,
    "recall": Recall,
}
"""Every notification type by its name, which is also its schema's file name."""

CASE_TYPES = ("identification", "takedown", "missing-child")
"""Types that a case system publishes; the others are made by the bus itself."""
