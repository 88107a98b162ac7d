"""Notifications with the facts they are judged by, and the disposition (section 8, 14 to 17)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gateway.receipt import Disposition
from gateway.wire import sha256
from schemas.codec import decode_record, encode, encode_record
from schemas.identities import pair_id
from schemas.markings import Relation, Verdict
from schemas.notifications import MatchAlert, MatchVerdict, Recall, Side
from tests.vectors.making import NOW, head, identification, uuid

_NOTHING: dict[str, Any] = {
    "origins": {},
    "released": {},
    "parties": {},
    "seen": {},
    "recalled": [],
}


def item_cases() -> list[dict[str, Any]]:
    """All of them."""
    return [*_codec(), *_authority(), *_matches(), *_late(), *_identity()]


def _case(name: str, data: bytes, expected: Disposition, **facts: Any) -> dict[str, Any]:
    about = {key: facts.pop(key) for key in ("peer", "now") if key in facts}
    return {
        "name": name,
        "notification": data.hex(),
        "peer": "FR",
        "recipient": "DE",
        "hubs": ["XI"],
        "now": NOW,
        **about,
        "facts": _NOTHING | facts,
        "expected": int(expected),
    }


def _codec() -> list[dict[str, Any]]:
    good = identification(1)
    at = good.index(uuid(1).encode())
    malformed = {
        "nothing at all": b"",
        "no record": b"no record at all",
        "a record cut short": good[:-1],
        "a byte after the record": good + b"\0",
        "an id that is no UUID": good[:at] + b"Z" + good[at + 1 :],
        "a head of another type": good.replace(b"identification", b"identificatiom", 1),
    }
    many = Recall(head(3, type="recall"), targets=tuple(uuid(100 + i) for i in range(257)))
    most = encode(replace(many, targets=many.targets[:256]))
    malformed["a recall of 257"] = encode(many)
    return [
        _case("a recall of 256", most, Disposition.ACCEPTED),
        _case("a good notification", good, Disposition.ACCEPTED),
        _case("a schema not known here", b"\xc3\x01" + bytes(8) + b"?", Disposition.HELD),
        *(_case(name, data, Disposition.MALFORMED) for name, data in malformed.items()),
    ]


def _authority() -> list[dict[str, Any]]:
    theirs = {"origins": {uuid(7): "PH"}}
    ours = {"origins": {uuid(7): "DE"}}
    update = {"relation": Relation.UPDATE, "root": uuid(7), "predecessors": (uuid(7),)}
    known = {"origins": {uuid(7): "FR"}}
    recall = encode(Recall(head(3, type="recall"), targets=(uuid(7),)))
    foreign = Disposition.NOT_OWN_CHAIN
    return [
        _case("an origin that is not the sender", identification(1, origin="PH"), Disposition(17)),
        _case("an update of its own", identification(2, **update), Disposition(0), **known),
        _case("an update before its original", identification(2, **update), Disposition(0)),
        _case("an update of another's case", identification(2, **update), foreign, **theirs),
        _case("an update of the recipient's case", identification(2, **update), foreign, **ours),
        _case("a recall of its own", recall, Disposition.ACCEPTED, **known),
        _case("a recall of another's", recall, foreign, **theirs),
    ]


def alert(number: int, sender: str, theirs: str, **changes: Any) -> bytes:
    """A match alert to DE about its notification 20 and one of ``theirs``, 21."""
    sides = Side("DE", "DE-20", uuid(20)), Side(theirs, f"{theirs}-21", uuid(21))
    made = MatchAlert(
        head(number, type="match-alert", origin=sender, reference=f"alert-{number}"),
        pair=pair_id(uuid(20), uuid(21)),
        evidence_version=1,
        yours=sides[0],
        theirs=sides[1],
    )
    return encode(replace(made, **changes))


def _odd_alert(said: dict[str, str]) -> bytes:
    """An alert that an honest node could not encode."""
    record = decode_record(alert(1, "FR", "FR"))
    record["theirs"] |= said
    return encode_record("match-alert", record)


def _matches() -> list[dict[str, Any]]:
    to_sender, to_hub = {uuid(20): ["FR"]}, {uuid(20): ["XI"]}
    wrong = {"pair": uuid(99)}
    ids = tuple(sorted((uuid(20), uuid(21))))
    verdict = MatchVerdict(
        head(30, type="match-verdict"), pair_id(*ids), ids, verdict=Verdict.REFUTED
    )
    said = encode(verdict)
    other = encode(replace(verdict, pair=uuid(99)))
    party, refused = Disposition.NOT_PARTY, Disposition.NOT_RELEASED
    not_ours = {"yours": Side("PH", "PH-20", uuid(20))}
    odd = {
        "a side of no jurisdiction": {"jurisdiction": "FRANCE"},
        "a role that is no word": {"role": "r" * 17},
        "a reference with a zero character": {"reference": "FR-21\0"},
    }
    return [
        *(_case(name, _odd_alert(said), Disposition(16)) for name, said in odd.items()),
        _case("an alert by a party", alert(1, "FR", "FR"), Disposition(0), released=to_sender),
        _case("by a party, by way of a hub", alert(1, "FR", "FR"), Disposition(0), released=to_hub),
        _case("by a hub", alert(1, "XI", "FR"), Disposition(0), released=to_hub, peer="XI"),
        _case("about what was released to nobody", alert(1, "FR", "FR"), refused),
        _case("about a case of PH", alert(1, "FR", "FR", **not_ours), refused, released=to_sender),
        _case("between others, by no hub", alert(1, "FR", "PH"), party, released=to_sender),
        _case("with another pair", alert(1, "FR", "FR", **wrong), Disposition(16)),
        _case("a verdict by a party", said, Disposition(0), origins={uuid(21): "FR"}),
        _case("by a side of an alert", said, Disposition(0), parties={pair_id(*ids): ["DE", "FR"]}),
        _case("a verdict by somebody else", said, party, origins={uuid(21): "PH"}),
        _case("a verdict on another pair", other, Disposition(16), origins={uuid(21): "FR"}),
    ]


def _late() -> list[dict[str, Any]]:
    image = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" * 8
    ended, ends = identification(1, valid_until=NOW), identification(1, valid_until=NOW + 1)
    return [
        _case("a picture in a name", identification(1, image), Disposition.IMAGERY),
        _case("validity that ended", ended, Disposition.EXPIRED),
        _case("validity that is about to end", ends, Disposition.ACCEPTED),
    ]


def _identity() -> list[dict[str, Any]]:
    first = identification(1)
    seen = {"origins": {uuid(1): "FR"}, "seen": {f"{uuid(1)}/1": sha256(first).hex()}}
    wider = identification(1, "Example 1", "Example One", revision=2)
    other = identification(1, "Somebody Else")
    return [
        _case("the same again", first, Disposition.DUPLICATE, **seen),
        _case("the same id with other content", other, Disposition.ID_CONFLICT, **seen),
        _case("the next revision of the view", wider, Disposition.ACCEPTED, **seen),
        _case("an id of PH", first, Disposition.ID_CONFLICT, origins={uuid(1): "PH"}),
        _case("an id of the recipient", first, Disposition.ID_CONFLICT, origins={uuid(1): "DE"}),
        _case("an original after its recall", first, Disposition(23), recalled=[["FR", uuid(1)]]),
        _case("marked by somebody else", first, Disposition(0), recalled=[["PH", uuid(1)]]),
    ]
