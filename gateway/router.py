"""From the outbound topics into the channels: policy decides recipient by recipient.

The effect of a :class:`~consumers.transactional.TransactionalConsumer`: deliveries are queued in
the transaction that stores the topic's offset. Whatever is not released is recorded with the rule
that withheld it, so that the originator can be told who did not get it and why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from consumers.incoming import Incoming
from gateway.ledger import outgoing
from gateway.ledger.outgoing import Routed
from gateway.wire import Lane
from producers.database import Connection
from producers.guard import inspect_record, screen_bytes
from schemas.codec import decode_record
from schemas.errors import MalformedRecord
from schemas.markings import Relation, Urgency
from schemas.notifications import Head
from schemas.ports import Policy


class Router:
    """Queues each outbound notification for those who may have it."""

    def __init__(self, own: str, policy: Callable[[], Policy], now_ms: Callable[[], int]) -> None:
        """``policy`` and ``now_ms`` are asked once for each batch."""
        self._own = own
        self._policy = policy
        self._now_ms = now_ms

    def route(self, connection: Connection, batch: Sequence[Incoming]) -> None:
        """The effect: see the module's docstring."""
        policy, now_ms = self._policy(), self._now_ms()
        waiting: list[Routed] = []
        for incoming in batch:
            routed = self._decide(policy, incoming, now_ms)
            head = incoming.head
            if head.urgency is Urgency.URGENT and head.relation is not Relation.NEW:
                # Its predecessors must be in the table before they can be moved.
                outgoing.queue(connection, waiting, now_ms)
                waiting = []
                for one in routed:
                    if not one.refusal:
                        outgoing.expedite(connection, head.root, one.recipient)
            waiting += routed
        outgoing.record_outbound(
            connection,
            [
                {
                    "notification": incoming.head.id,
                    "type": incoming.head.type,
                    "reference": incoming.head.reference,
                    "root": incoming.head.root,
                    "routed_at": now_ms,
                    "data": incoming.data,
                }
                for incoming in batch
            ],
        )
        outgoing.queue(connection, waiting, now_ms)

    def _decide(self, policy: Policy, incoming: Incoming, now_ms: int) -> list[Routed]:
        head = incoming.head
        refusal = self._own_refusal(head, incoming.data)
        return [
            Routed(
                notification=head.id,
                recipient=recipient,
                revision=head.revision,
                lane=Lane.of(head.urgency),
                root=head.root,
                refusal=refusal or policy.decide(head, recipient, now_ms).refusal,
            )
            for recipient in policy.recipients(head)
        ]

    def _own_refusal(self, head: Head, data: bytes) -> str | None:
        """Any Kafka client can write to the topic: what it wrote is checked again here."""
        if head.origin != self._own:
            return "foreign-origin"
        if not screen_bytes(data):
            return None
        try:
            return "imagery" if inspect_record(decode_record(data)) else None
        except MalformedRecord:
            return "malformed"
