"""Just what was asked for, after redaction. Pure.

A case must not come into a paper through something its reader may not see, so this is decided
only when that is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from consumers.briefing.selection import Asked, ChainKey, Selection, chain_key, side_key
from schemas.notifications import Notification


def narrow(selection: Selection, asked: Asked) -> Selection:
    """The cases asked for and those linked to them, of a selection redacted for its reader."""
    if not asked.references and asked.since is None:
        return selection
    chain_of: dict[tuple[str, str], ChainKey] = {}
    for notification in selection.cases:
        head = notification.head
        chain_of[head.origin, head.id] = chain_of[head.origin, head.root] = chain_key(head)
    links = [
        (
            alert,
            {chain_of.get(side_key(alert.yours)), chain_of.get(side_key(alert.theirs))} - {None},
        )
        for alert in selection.alerts
    ]
    fits = _fitting(asked)
    wanted: set[ChainKey | None] = {chain_key(n.head) for n in selection.cases if fits(n)}
    if not asked.references:
        wanted |= {key for alert, keys in links if fits(alert) for key in keys}
    # A side that only an alert knows of has no chain here; its match may be news all the same.
    near = [(alert, keys) for alert, keys in links if keys & wanted or fits(alert)]
    kept = wanted.union(*(keys for _, keys in near))
    alerts = tuple(alert for alert, _ in near)
    pairs = {alert.pair for alert in alerts}
    return replace(
        selection,
        cases=tuple(n for n in selection.cases if chain_key(n.head) in kept),
        alerts=alerts,
        verdicts=tuple(v for v in selection.verdicts if v.pair in pairs),
    )


def _fitting(asked: Asked) -> Callable[[Notification], bool]:
    if asked.references:
        references = frozenset(asked.references)
        return lambda notification: notification.head.reference in references
    since = asked.since or 0
    return lambda notification: notification.head.created >= since
