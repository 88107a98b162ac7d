"""The effect of the deduplication consumer: identifications in, links and alerts out.

features → keys → candidates → score → link → alerts. Where the two sides stand decides who is
told: a node tells of pairs with one side its own, a hub of all pairs that were sent to it.
Exercise, test and actual data have different keys and never meet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from consumers import alerts
from consumers.deduplication import alerting
from consumers.deduplication.engine import Change, Engine, counted
from consumers.deduplication.features import extract
from consumers.deduplication.index import CappedKey, MatchIndex
from consumers.deduplication.keys import Key, keys_of
from consumers.deduplication.links import Link, Ruling, Subject
from consumers.deduplication.outbox import (
    Alerted,
    Informed,
    Linked,
    Retracted,
    Ruled,
    Saying,
    Sent,
)
from consumers.deduplication.rarity import Rarity
from consumers.incoming import Incoming
from producers.database import Connection
from schemas.identities import pair_id
from schemas.markings import Relation, SubjectStatus
from schemas.notifications import (
    DutyContact,
    Head,
    Identification,
    MatchAlert,
    MatchVerdict,
    Notification,
    Recall,
)

_log = structlog.get_logger()

MAX_WAITING = 256
"""Alerts whose release is asked about again in one batch."""


class Released(Protocol):
    """Whether a notification of ours has left for a jurisdiction; the ledger knows."""

    def __call__(self, connection: Connection, notification_id: str, jurisdiction: str) -> bool:
        """True once it was sealed for ``jurisdiction``."""


def _no_contact(_jurisdiction: str) -> DutyContact | None:
    return None


def _no_hubs() -> Collection[str]:
    return ()


def _as_listed(head_recipients: Sequence[str]) -> Collection[str]:
    return head_recipients


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One identification of the batch, ready to be compared."""

    subject: Subject
    keys: tuple[Key, ...]


class Deduplicator:
    """Compares what this node holds, and tells whom it concerns.

    Args:
        own: jurisdiction of this node.
        is_hub: whether it deduplicates for others.
        released: whether our side of a pair has left for a jurisdiction.
        contact_of: the directory's duty contact of a jurisdiction.
        hubs: the jurisdictions that are hubs now.
        resolve: recipients with circles resolved to jurisdictions.
        rarity: how frequent names are, see :class:`Engine`.
    """

    def __init__(
        self,
        own: str,
        is_hub: bool,
        *,
        released: Released,
        contact_of: alerting.ContactOf = _no_contact,
        hubs: Callable[[], Collection[str]] = _no_hubs,
        resolve: Callable[[Sequence[str]], Collection[str]] = _as_listed,
        rarity: Callable[[MatchIndex], Rarity] = counted,
    ) -> None:
        self._own = own
        self._is_hub = is_hub
        self._released = released
        self._contact_of = contact_of
        self._hubs = hubs
        self._resolve = resolve
        self._newly_capped: list[CappedKey] = []
        self.rarity = rarity

    def effect(
        self, connection: Connection, index: MatchIndex, batch: Sequence[Incoming]
    ) -> list[Saying]:
        """Applies ``batch``, new notifications in the order of the log, to ``index``.

        Writes nothing: what changed is in ``index`` alone, and what there is to say is returned.
        """
        run, capped = _Run(self, connection, index), len(index.newly_capped())
        arrivals = [(incoming, incoming.notification()) for incoming in batch]
        run.prepare(arrivals)
        for incoming, notification in arrivals:
            run.apply(incoming, notification)
        run.tell_what_waited()
        self._newly_capped += index.newly_capped()[capped:]
        return run.sayings

    def committed(self) -> None:
        """After the transaction: tells operators, once, that it capped keys, and of what kinds."""
        capped, self._newly_capped = self._newly_capped, []
        if capped:
            kinds = ", ".join(sorted({key.kind for key in capped}))
            _log.warning("keys_capped", part="deduplication", count=len(capped), reason=kinds)

    # who may be told

    def may_tell(self, connection: Connection, ours: Subject, theirs: Subject) -> alerts.Told:
        """Whether the other side of a pair with our ``ours`` may be told of it.

        It may when ours went to them, or to a hub that theirs was sent to as well. While ours
        is still on its way there, they are told later.
        """
        towards = {theirs.origin} | (set(self._hubs()) & set(self._resolve(theirs.recipients)))
        ids = {ours.root, ours.id}
        if any(self._released(connection, i, to) for i in sorted(ids) for to in sorted(towards)):
            return alerts.Told.YES
        intended = towards & set(self._resolve(ours.recipients))
        return alerts.Told.LATER if intended else alerts.Told.NO

    def concerns(self, a: Subject, b: Subject) -> bool:
        """Whether a pair is compared here: a node looks at pairs with one side its own."""
        return self._is_hub or self._own in (a.origin, b.origin)

    def alerts_of(
        self, found: Link, a: Subject, b: Subject, not_before: int = 0
    ) -> tuple[MatchAlert, MatchAlert]:
        """The alert for the contact point of ``a``, and the one for that of ``b``."""

        def alert(yours: Subject, theirs: Subject) -> MatchAlert:
            return alerting.alert(
                found,
                yours,
                theirs,
                own=self._own,
                contact_of=self._contact_of,
                not_before=not_before,
            )

        return alert(a, b), alert(b, a)

    def adopt(
        self, connection: Connection, index: MatchIndex, changes: Sequence[Change], now_ms: int
    ) -> list[Saying]:
        """What there is to say of what a replay changed, and nothing that was told before.

        Args:
            connection: any.
            index: the new one.
            changes: links as they were in the old index and are in the new one.
            now_ms: the clock for verdicts on what is new begins here.
        """
        run = _Run(self, connection, index, now_ms)
        for change in changes:
            run.adopt(change)
        return run.sayings

    @property
    def own(self) -> str:
        """Jurisdiction of this node."""
        return self._own


class _Run:
    """One batch: what it changes in the index, and what there is to say of it."""

    def __init__(
        self,
        deduplicator: Deduplicator,
        connection: Connection,
        index: MatchIndex,
        not_before: int = 0,
    ) -> None:
        self._not_before = not_before
        self._deduplicator = deduplicator
        self._connection = connection
        self._own = deduplicator.own
        self._ready: dict[int, _Arrival] = {}
        self._engine = Engine(index, deduplicator.concerns, deduplicator.rarity)
        self.index = index
        self.sayings: list[Saying] = []

    def prepare(self, arrivals: Sequence[tuple[Incoming, Notification]]) -> None:
        """Makes features and keys, and lets the index read all that the batch will need."""
        for incoming, notification in arrivals:
            if isinstance(notification, Identification) and is_word(notification.head):
                subject = subject_of(notification, incoming.timestamp_ms)
                keys = keys_of(subject.features, subject.mode.value)
                self._ready[id(notification)] = _Arrival(subject, keys)
        self.index.prepare(
            {notification.head.root for _, notification in arrivals},
            [(arrival.keys, arrival.subject.features.birth) for arrival in self._ready.values()],
            {v for arrival in self._ready.values() for v in arrival.subject.features.counted},
        )

    def apply(self, incoming: Incoming, notification: Notification) -> None:
        """Applies one notification; what has nothing to do with matching is passed over."""
        match notification:
            case Identification():
                self._identification(notification)
            case MatchVerdict():
                self._verdict(notification)
            case MatchAlert() if incoming.direction == "in":
                if notification.yours.jurisdiction == self._own:
                    moment = incoming.timestamp_ms or notification.head.created
                    self._record(notification, notification.head.origin, moment, alerts.Told.YES)
            case Recall():
                for target in notification.targets:
                    self._withdraw(target, notification.head)
            case _:
                pass

    # identifications

    def _identification(self, notification: Identification) -> None:
        arrival = self._ready.get(id(notification))
        if arrival is None:
            self._withdraw(notification.head.root, notification.head)
            return
        for change in self._engine.observe(arrival.subject, arrival.keys):
            if change.other is not None and alerting.is_news(change.before, change.after):
                self._alert(change.after, arrival.subject, change.other)
            self._note(change)

    def adopt(self, change: Change) -> None:
        """Says what there is to say of a change that no notification of a batch made."""
        a, b = (self.index.get(root) for root in (change.after.first, change.after.second))
        if a is not None and b is not None and alerting.is_news(change.before, change.after):
            self._alert(change.after, a, b)
        self._note(change)

    def _withdraw(self, root: str, by: Head) -> None:
        """Takes a case chain out; what it was linked with is taken apart."""
        for change in self._engine.withdraw(root, by.origin, (by.created, by.revision, by.id)):
            self._note(change)

    def _note(self, change: Change) -> None:
        """A link as it is now, for the copy in the database."""
        link = change.after
        if link.retracted is not None:
            self.sayings.append(Retracted(link.pair, link.retracted.value))
            return
        sides = (self.index.get(root) for root in (link.first, link.second))
        first, second = (side.origin if side else "" for side in sides)
        self.sayings.append(Linked(link, (first, second)))

    # verdicts

    def _verdict(self, notification: MatchVerdict) -> None:
        """Keeps what a party found; who is no party is heard by nobody."""
        ruling = ruling_of(notification)
        if ruling is None:
            return
        self.sayings.append(Ruled(ruling))
        for change in self._engine.rule(ruling):
            self._note(change)

    # alerts

    def _alert(self, found: Link, a: Subject, b: Subject) -> None:
        """Tells both contact points; within one jurisdiction there is nobody else to tell."""
        if a.origin == b.origin:
            return
        for ours, theirs, for_us, for_them in self._sides(found, a, b):
            if ours.origin != self._own:
                self.sayings += [Sent(for_us), Sent(for_them)]
                return
            told = self._deduplicator.may_tell(self._connection, ours, theirs)
            self._record(for_us, self._own, for_us.head.created, told)
            if told is alerts.Told.YES:
                self.sayings.append(Sent(for_them))

    def _record(self, alert: MatchAlert, source: str, moment: int, told: alerts.Told) -> None:
        """Stores an alert for our side, with the verdicts that came before it."""
        first, second = sorted((alert.yours.notification, alert.theirs.notification))
        rulings = self.index.rulings(first, second)
        self.sayings.append(Alerted(alert, source, moment, told, rulings))

    def _sides(
        self, found: Link, a: Subject, b: Subject
    ) -> list[tuple[Subject, Subject, MatchAlert, MatchAlert]]:
        """Our side first, where one is ours."""
        for_a, for_b = self._deduplicator.alerts_of(found, a, b, self._not_before)
        if b.origin == self._own:
            return [(b, a, for_b, for_a)]
        return [(a, b, for_a, for_b)]

    def tell_what_waited(self) -> None:
        """Tells the other side of pairs whose release was on its way when they were found."""
        for pair, roots in alerts.waiting(self._connection, MAX_WAITING):
            found = self.index.link(pair)
            ours, theirs = (self.index.get(root) for root in roots)
            if found is None or not found.active or ours is None or theirs is None:
                continue
            if self._deduplicator.may_tell(self._connection, ours, theirs) is alerts.Told.YES:
                _, for_them = self._deduplicator.alerts_of(found, ours, theirs)
                self.sayings += [Sent(for_them), Informed(pair)]


def ruling_of(notification: MatchVerdict) -> Ruling | None:
    """What a verdict says of the pair it names; None when it names none."""
    head, roots = notification.head, notification.notifications
    if len(roots) != 2 or notification.pair != pair_id(*roots):
        return None
    first, second = sorted(roots)
    return Ruling(first, second, head.origin, notification.verdict, head.created, head.id)


def is_word(head: Head) -> bool:
    """Whether it says something of a subject, rather than taking it back."""
    return head.relation is not Relation.CANCEL


def subject_of(
    notification: Identification, seen_at: int, *, revision: int | None = None
) -> Subject:
    """What is kept of an identification.

    ``seen_at`` is when it was written to the log; ``revision`` is its number in its case chain,
    where the notification does not say it.
    """
    head = notification.head
    return Subject(
        root=head.root,
        id=head.id,
        origin=head.origin,
        reference=head.reference,
        mode=head.mode,
        created=head.created,
        revision=head.revision if revision is None else revision,
        seen_at=seen_at or head.created,
        valid_until=head.valid_until,
        safeguarded=notification.status is SubjectStatus.SAFEGUARDED,
        marking=head.marking,
        recipients=head.recipients,
        contact=head.contact,
        features=extract(notification),
    )
