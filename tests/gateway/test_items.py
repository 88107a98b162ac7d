"""Every disposition that an item by itself can get, and the words it is told with."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.items import MAX_OTHERS, Examined, examine, read
from gateway.receipt import Disposition
from schemas.codec import MAX_NOTIFICATION_BYTES, encode, encode_record
from schemas.identities import new_id, pair_id
from schemas.markings import Relation, Verdict
from schemas.notifications import MatchAlert, MatchVerdict, Notification, Recall, Side
from tests.gateway.federation import NOW, identification, keys_of, member
from tests.strategies import marked, notifications

SENDER, HUB = member(keys_of("FR")), member(keys_of("XI"))
OURS, THEIRS = new_id(), new_id()


@dataclass
class Known:
    """A :class:`gateway.items.Knowledge` that is written down."""

    originators: dict[str, str] = field(default_factory=dict)
    released: set[tuple[str, str]] = field(default_factory=set)
    pairs: dict[str, set[str]] = field(default_factory=dict)
    asked: int = 0

    def origins(self, ids: Collection[str]) -> Mapping[str, str]:
        self.asked += 1
        return {one: self.originators[one] for one in ids if one in self.originators}

    def was_released(self, notification: str, jurisdictions: Collection[str]) -> bool:
        return any((notification, code) in self.released for code in jurisdictions)

    def parties(self, pair: str) -> Collection[str]:
        return self.pairs.get(pair, ())


def judge(data: bytes | Notification, known: Known | None = None, **more: Any) -> Examined:
    """What DE makes of one item from FR, unless ``more`` says from whom."""
    encoded = data if isinstance(data, bytes) else encode(data)
    sender, now_ms = more.get("sender", SENDER), more.get("now_ms", NOW)
    return examine(encoded, read(encoded), sender, "DE", ["XI"], known or Known(), now_ms)


def verdict_on(data: bytes | Notification, known: Known | None = None, **more: Any) -> Any:
    """Disposition and detail."""
    found = judge(data, known, **more)
    return found.disposition, found.detail


def alert(**changes: Any) -> MatchAlert:
    """FR tells DE that a notification of DE's meets one of FR's."""
    head = replace(identification().head, type="match-alert")
    made = MatchAlert(
        head,
        pair=pair_id(OURS, THEIRS),
        evidence_version=1,
        yours=Side("DE", "DE-1", OURS),
        theirs=Side("FR", "FR-1", THEIRS),
    )
    return replace(made, **changes)


def verdict(**changes: Any) -> MatchVerdict:
    """FR says what it found after comparing."""
    made = MatchVerdict(
        replace(identification().head, type="match-verdict"),
        pair=pair_id(OURS, THEIRS),
        notifications=tuple(sorted((OURS, THEIRS))),
        verdict=Verdict.CONFIRMED,
    )
    return replace(made, **changes)


def recall(*targets: str) -> Recall:
    """FR takes notifications back."""
    return Recall(replace(identification().head, type="recall"), targets=targets)


def test_accepted() -> None:
    """A right notification comes back with its head and record."""
    sent = identification()
    found = judge(sent)
    assert (found.disposition, found.head) == (Disposition.ACCEPTED, sent.head)
    assert found.record == sent.to_record()


def test_held() -> None:
    """Step 14: a schema that is not known here yet."""
    found = judge(b"\xc3\x01" + b"\7" * 8 + b"whatever")
    assert found == Examined(
        Disposition.HELD, "schema fingerprint 0707070707070707 is not known here"
    )
    longest = b"\xc3\x01" + b"\7" * (MAX_NOTIFICATION_BYTES - 2)
    assert judge(longest).disposition is Disposition.HELD
    assert judge(longest + b"\7").disposition is Disposition.MALFORMED


def test_malformed_bytes() -> None:
    """Step 14: truncated, trailing, not Avro at all."""
    data = encode(identification())
    for spoilt in (b"", b"\xc3", b"{}", data[:-1], data + b"\0", data[:11]):
        assert judge(spoilt).disposition is Disposition.MALFORMED


def test_malformed_ids() -> None:
    """Step 14: ids are UUIDs in canonical form, or they are no ids."""
    for changes in ({"id": "1"}, {"root": "x" * 36}, {"predecessors": [new_id().upper()]}):
        record = identification().to_record()
        record["head"] |= changes
        disposition, detail = verdict_on(encode_record("identification", record))
        assert disposition is Disposition.MALFORMED
        assert "not a UUID in canonical" in detail


def test_malformed_revision() -> None:
    """Step 14: revisions are counted from 1."""
    record = identification().to_record()
    record["head"]["revision"] = 0
    assert judge(encode_record("identification", record)).disposition is Disposition.MALFORMED


def test_malformed_target() -> None:
    """Step 14: a recall names notifications, not whatever fits a text."""
    record = recall(OURS).to_record() | {"targets": ["x"]}
    disposition, detail = verdict_on(encode_record("recall", record))
    assert disposition is Disposition.MALFORMED
    assert "not a UUID in canonical" in detail


def test_naming_very_many_others_costs_nothing() -> None:
    """Step 14: each would be looked up while all channels wait."""
    known, many = Known(), [new_id() for _ in range(MAX_OTHERS + 1)]
    chained = identification(root=many[0], predecessors=tuple(many[1:]))
    for sent in (recall(*many), chained):
        assert verdict_on(sent, known) == (
            Disposition.MALFORMED,
            f"it names more than {MAX_OTHERS} other notifications",
        )
    assert known.asked == 0
    assert judge(recall(*many[1:])).disposition is Disposition.ACCEPTED


def test_wrong_origin() -> None:
    """Step 15: nobody passes on what another originated, the hub neither."""
    sent = identification(origin="PH")
    for sender in (SENDER, HUB):
        assert verdict_on(sent, sender=sender) == (
            Disposition.WRONG_ORIGIN,
            "its origin is not its sender",
        )


def test_not_own_chain() -> None:
    """Step 15: update, cancel and recall reach only the sender's own, as root or predecessor."""
    known = Known({OURS: "DE", THEIRS: "PH"})
    changing = [
        recall(THEIRS),
        recall(new_id(), OURS),
        identification(root=OURS, relation=Relation.UPDATE),
        identification(predecessors=(new_id(), THEIRS), relation=Relation.CANCEL),
    ]
    for sent in changing:
        assert verdict_on(sent, known) == (
            Disposition.NOT_OWN_CHAIN,
            "it changes a case of another jurisdiction",
        )


def test_own_and_unknown_chains() -> None:
    """Step 15: an update of what is not known here is an orphan, shown at once."""
    known = Known({THEIRS: "FR"})
    for root in (THEIRS, new_id()):
        for relation in Relation:
            sent = identification(root=root, predecessors=(root,), relation=relation)
            assert judge(sent, known).disposition is Disposition.ACCEPTED


def test_alert_about_what_was_released_to_its_sender() -> None:
    """Step 15: to FR, or to the hub it learnt from."""
    for code in ("FR", "XI"):
        assert judge(alert(), Known(released={(OURS, code)})).disposition is Disposition.ACCEPTED


def test_alert_about_what_was_never_released() -> None:
    """Step 15: whom we told nothing can tell us nothing; nor about another's notification."""
    nothing = Known(released={(OURS, "PH")})
    other = alert(yours=Side("PH", "PH-1", OURS))
    for sent, known in ((alert(), nothing), (other, Known(released={(OURS, "FR")}))):
        assert verdict_on(sent, known) == (
            Disposition.NOT_RELEASED,
            "it is about a notification not released to its sender or hub",
        )


def test_alert_by_a_third_party() -> None:
    """Step 15: only a party of the match or a hub tells of it."""
    third = alert(theirs=Side("PH", "PH-1", THEIRS))
    known = Known(released={(OURS, "FR"), (OURS, "XI")})
    assert verdict_on(third, known) == (
        Disposition.NOT_PARTY,
        "its sender is neither a party of the match nor a hub",
    )
    by_hub = third.with_head(origin="XI")
    assert judge(by_hub, known, sender=HUB).disposition is Disposition.ACCEPTED


def test_alert_of_another_pair() -> None:
    """Step 14: the pair is made of its two notifications."""
    assert verdict_on(alert(pair=new_id())) == (
        Disposition.MALFORMED,
        "the pair is not that of its two notifications",
    )


def test_verdict_by_a_party() -> None:
    """Step 15: the origin of one side, or a party that we know from an alert."""
    for known in (Known({THEIRS: "FR"}), Known(pairs={pair_id(OURS, THEIRS): {"DE", "FR"}})):
        assert judge(verdict(), known).disposition is Disposition.ACCEPTED


def test_verdict_by_another() -> None:
    """Step 15: neither a stranger nor the hub decides."""
    known = Known({OURS: "DE", THEIRS: "PH"}, pairs={pair_id(OURS, THEIRS): {"DE", "PH"}})
    for sent, sender in ((verdict(), SENDER), (verdict().with_head(origin="XI"), HUB)):
        assert verdict_on(sent, known, sender=sender) == (
            Disposition.NOT_PARTY,
            "its sender is not a party of the match",
        )


def test_verdict_of_another_pair() -> None:
    """Step 14: the pair is made of its two notifications, and there are two."""
    for ids in ((OURS,), (OURS, THEIRS, new_id()), (OURS, OURS), ()):
        assert verdict_on(verdict(notifications=ids), Known({OURS: "FR"})) == (
            Disposition.MALFORMED,
            "the pair is not that of its two notifications",
        )


def test_imagery() -> None:
    """Step 16: a picture in a text; the words name the field and not its content."""
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8).decode()
    disposition, detail = verdict_on(identification(series=picture))
    assert disposition is Disposition.IMAGERY
    assert detail.startswith("series looks like imagery: ")
    assert picture[:16] not in detail


def test_expired() -> None:
    """Step 17: to the millisecond."""
    sent = identification(valid_until=NOW)
    assert verdict_on(sent) == (Disposition.EXPIRED, "its validity ended before it came")
    assert judge(sent, now_ms=NOW - 1).disposition is Disposition.ACCEPTED


def test_what_is_refused_shows_whose_it_was() -> None:
    """The head stays with a refusal that came after it was read; the record does not."""
    sent = identification(valid_until=NOW)
    found = judge(sent)
    assert (found.head, found.record) == (sent.head, None)


@given(sent=notifications())
@settings(max_examples=60, deadline=None)
def test_any_notification_gets_a_disposition(sent: Notification) -> None:
    """Whatever the codec writes is judged; nothing escapes."""
    assert isinstance(judge(sent, sender=replace(SENDER, code=sent.head.origin)), Examined)


@given(name=st.sampled_from(["recall", "match-alert", "match-verdict"]), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_bytes_get_a_disposition(name: str, data: st.DataObject) -> None:
    """So are bytes that nearly are a notification."""
    encoded = bytearray(encode_record(name, marked(name)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(encoded) - 1))
        encoded[at] = data.draw(st.integers(0, 255))
    assert isinstance(judge(bytes(encoded)), Examined)
