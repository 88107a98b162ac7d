"""The published test vectors, against our implementation and against an independent one.

What the vectors say is checked by both; that they are what the generator makes, by the first test.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway import acceptance
from gateway.answer import Answer
from gateway.block import Channel, Frame, Header, Place, padded_length, unpack
from gateway.channel import (
    LOSS,
    Discontinuity,
    Inbound,
    Outbound,
    after_discontinuity,
    continuation,
)
from gateway.items import examine
from gateway.ledger.tables import blocks, channels_in, identities, incidents, outbound, recalled
from gateway.receipt import (
    Disposition,
    Position,
    Receipt,
    Refusal,
    RefusalCode,
    parse_signed,
    receipt_hash,
    verify_signed,
)
from gateway.receiver import OwnKeys, Receiver
from gateway.sealing import Opener
from gateway.signing import Signer
from gateway.verification import BlockRefused, check_size
from gateway.wire import Lane, key_id, sha256, signed_message
from producers.database import Connection, Database
from schemas.errors import VerificationFailed
from schemas.members import Member, MemberRole, MemberStatus
from schemas.notifications import DutyContact
from tests.gateway.federation import FixedDirectory, open_database
from tests.vectors import independent, independent_items
from tests.vectors.generate import FILE, document, written

VECTORS: dict[str, Any] = json.loads(FILE.read_bytes())
KEYS = VECTORS["keys"]
STATEMENTS = {"receipt": Receipt, "refusal": Refusal, "position": Position}


def named(part: str) -> Any:
    """Parametrises a test by the cases of a part."""
    return pytest.mark.parametrize("case", VECTORS[part], ids=lambda case: case["name"])


def numbered(part: str) -> Any:
    """The same for cases without names."""
    return pytest.mark.parametrize("case", VECTORS[part])


def test_the_file_is_what_the_generator_makes() -> None:
    """With the random parts it has, it comes out again byte for byte."""
    assert written(document(VECTORS)) == FILE.read_bytes()


def test_only_what_is_random_differs_when_made_anew() -> None:
    """A fresh run has the same cases with the same verdicts, keys and deterministic bytes."""
    fresh = document()
    for part in ("keys", "items", "recipient", "sender"):
        assert fresh[part] == VECTORS[part]
    for part in ("primitives", "forms", "malformed", "blocks", "answers"):
        assert len(fresh[part]) == len(VECTORS[part])
    for new, old in zip(fresh["blocks"], VECTORS["blocks"], strict=True):
        same = ("name", "peer", "lane", "now", "suspended")
        assert [new[key] for key in same] == [old[key] for key in same]
        assert new["expected"].keys() == old["expected"].keys()
        assert new["expected"]["verdict"] == old["expected"]["verdict"]


def test_every_code_of_every_list_has_a_case() -> None:
    """Refusals that can occur, and all dispositions, have a vector each."""
    refused = {case["expected"].get("code") for case in VECTORS["blocks"]} - {None}
    assert refused == {int(code) for code in RefusalCode}
    found = {case["expected"] for case in VECTORS["items"]}
    assert found == {int(one) for one in Disposition}


# --- ours ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", KEYS)
def test_keys_come_from_their_seeds(code: str) -> None:
    """Public keys and key ids are those of the seeds."""
    own = own_keys(code)
    signing, sealing = own.signer.public, own.openers[0].public
    public = (signing.ed25519, signing.ml_dsa, sealing.ml_kem, sealing.x25519)
    assert [one.hex() for one in public] == [*KEYS[code]["public"].values()]
    assert [key_id(one).hex() for one in public] == [*KEYS[code]["key_ids"].values()]


def test_primitives_ours() -> None:
    """Padmé, commitment, signed message and sealing are as in the vectors."""
    given = VECTORS["primitives"]
    assert [padded_length(length) for length, _ in given["padme"]] == [p for _, p in given["padme"]]
    message = given["signed_message"]
    domain = b"liaison/v1/block-signature\0"
    made = signed_message(domain, message["suite"], bytes.fromhex(message["hash"]))
    assert made.hex() == message["message"]
    sealing = given["sealing"]
    frame = Frame.parse(bytes.fromhex(sealing["frame"]))
    body = own_keys("DE").openers[0].open(frame.block.body or b"", bytes.fromhex(sealing["info"]))
    assert body.hex() == sealing["body"]
    assert unpack(body, Header.parse(frame.block.header).commitments)


@named("forms")
def test_forms_ours(case: dict[str, Any]) -> None:
    """A form parses, gives the same bytes again, and its signatures verify."""
    data = bytes.fromhex(case["bytes"])
    if case["form"] == "frame":
        frame = Frame.parse(data)
        header = Header.parse(frame.block.header)
        assert frame.to_bytes() == data
        assert header.to_bytes() == frame.block.header
        assert frame.block.hash.hex() == case["block_hash"]
        assert [one.hex() for one in header.commitments] == case["header"]["commitments"]
        assert [header.place.epoch, header.place.sequence] == case["header"]["place"]
        return
    kind = STATEMENTS[case["form"]]
    statement = verify_signed(kind, data, [own_keys(case["signed_by"]).signer.public])
    assert data.startswith(statement.to_bytes())
    if case["form"] == "receipt":
        assert receipt_hash(data).hex() == case["hash"]


@named("malformed")
def test_malformed_ours(case: dict[str, Any]) -> None:
    """What is not a statement does not parse."""
    with pytest.raises(VerificationFailed):
        parse_signed(STATEMENTS[case["form"]], bytes.fromhex(case["bytes"]))


@named("blocks")
def test_blocks_ours(case: dict[str, Any], database: Database) -> None:
    """A receiver with the ledger described gives the verdict of the vector."""
    directory = directory_of(case)
    own = own_keys(case["recipient"])
    receiver = Receiver(own, lambda: directory, lambda _connection, _pair: ())
    with database.begin() as connection:
        seed_ledger(connection, case)
        assert ours(receiver, connection, case) == case["expected"]


def ours(receiver: Receiver, connection: Connection, case: dict[str, Any]) -> dict[str, Any]:
    """What our receiver makes of a case, in the words of the vectors."""
    data = bytes.fromhex(case["frame"]) + bytes(case.get("zeros_appended", 0))
    before = len(connection.execute(blocks.select()).all())
    try:
        sender = receiver.identify(case["peer"].encode())
        check_size(len(data))
    except BlockRefused as refused:
        return {"verdict": "refused", "code": int(refused.code)}
    answer = receiver.accept(connection, sender, Lane(case["lane"]), data, case["now"])
    public = receiver._own.signer.public
    if answer.kind == "refused":
        refusal = verify_signed(Refusal, answer.statement, [public])
        return {"verdict": "refused", "code": int(refusal.code)}
    if answer.kind != "ok":
        assert verify_signed(Position, answer.statement, [public]).place == state_of(case).place
        return {"verdict": answer.kind}
    if len(connection.execute(blocks.select()).all()) == before:
        return {"verdict": "stored-receipt", "receipt": answer.statement.hex()}
    frame = Frame.parse(data)
    adopted = answer.statement == frame.receipt
    found = {
        "verdict": "accepted",
        "continuation": how_it_continued(connection, Header.parse(frame.block.header).place),
        "dispositions": dispositions(connection, frame, answer, adopted=adopted),
    }
    return found | ({"adopted": answer.statement.hex()} if adopted else {})


def how_it_continued(connection: Connection, place: Place) -> str:
    """Told by the place, and by the incident that a loss leaves."""
    if LOSS in connection.scalars(incidents.select().with_only_columns(incidents.c.kind)):
        return "epoch-after-loss"
    return "epoch" if place.sequence == 1 else "next"


def dispositions(
    connection: Connection, frame: Frame, answer: Answer, *, adopted: bool
) -> list[int]:
    """Of an adopted block, those of what it brought; else those of its receipt."""
    if adopted:
        return [0 for _ in connection.execute(identities.select())]
    return [int(one) for one in parse_signed(Receipt, answer.statement).dispositions]


@named("items")
def test_items_ours(case: dict[str, Any], database: Database) -> None:
    """An item gets the disposition of the vector."""
    facts, own = case["facts"], case["recipient"]
    sender = directory_of(case).member(case["peer"])
    assert sender is not None
    with database.begin() as connection:
        seed_items(connection, case)
        [judged] = acceptance.judge(
            connection,
            [bytes.fromhex(case["notification"])],
            Facts(facts),
            lambda data, found, known: examine(
                data, found, sender, own, case["hubs"], known, case["now"]
            ),
            case["now"],
        )
    assert judged.found.disposition == case["expected"], judged.found.detail


class Facts:
    """A :class:`gateway.items.Knowledge` of the facts of a case."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts

    def origins(self, ids: Collection[str]) -> dict[str, str]:
        return {one: who for one, who in self._facts["origins"].items() if one in ids}

    def was_released(self, notification: str, jurisdictions: Any) -> bool:
        return not {*jurisdictions}.isdisjoint(self._facts["released"].get(notification, ()))

    def parties(self, pair: str) -> list[str]:
        return list(self._facts["parties"].get(pair, ()))


@numbered("recipient")
def test_recipient_ours(case: dict[str, Any]) -> None:
    """A block continues a state as the table says."""
    block = case["block"]
    previous = bytes.fromhex(block["previous"])
    known = {"issued": block["issued"], "vouched": block["vouched"]}
    try:
        found = continuation(state_of(case), Place(*block["place"]), previous, **known).value
    except Discontinuity as broken:
        found = broken.status
    assert found == case["expected"]


@numbered("sender")
def test_sender_ours(case: dict[str, Any]) -> None:
    """A sender goes on after a fork or gap as the table says."""
    state, position = case["state"], case["position"]
    before = Outbound(
        Place(*state["place"]),
        sha256(b"block"),
        bytes.fromhex(state["receipt_hash"]),
        Place(*state["receipted"]),
    )
    place = Place(*position["place"])
    action = after_discontinuity(
        before, case["answer"], place, kept=case["kept"], fruitless=case["fruitless"]
    )
    assert action.value == case["expected"]["action"]


@named("answers")
def test_answers_ours(case: dict[str, Any]) -> None:
    """An HTTP answer is read, or is none."""
    retry = case["retry_after"] and str(case["retry_after"])
    if case["valid"]:
        answer = Answer.parse(case["status"], bytes.fromhex(case["body"]), retry)
        assert answer.retry_after_s == case["retry_after"]
        assert answer.to_body().hex() == case["body"]
        return
    with pytest.raises(VerificationFailed):
        Answer.parse(case["status"], bytes.fromhex(case["body"]), retry)


# --- independent -----------------------------------------------------------------------------


def test_primitives_independent() -> None:
    """The second implementation makes the same from primitives, HPKE by hand included."""
    given = VECTORS["primitives"]
    for length, padded in given["padme"]:
        assert independent.padme(length) == padded
    said = {key: bytes.fromhex(value) for key, value in given["commitment"].items()}
    assert independent.commitment(said["salt"], said["notification"]) == said["commitment"]
    assert independent.pair_id(*given["pair_id"]["of"]) == given["pair_id"]["pair"]
    message = given["signed_message"]
    made = independent.message("block", message["suite"], bytes.fromhex(message["hash"]))
    assert made.hex() == message["message"]
    sealing = given["sealing"]
    frame = independent.parse_frame(bytes.fromhex(sealing["frame"]))
    seeds = KEYS["DE"]["seeds"]
    secret = independent.decapsulate(
        bytes.fromhex(seeds["ml_kem"]), bytes.fromhex(seeds["x25519"]), frame["body"][:1120]
    )
    key, nonce = independent.key_schedule(secret, bytes.fromhex(sealing["info"]))
    assert [secret.hex(), key.hex(), nonce.hex()] == [
        sealing[name] for name in ("shared_secret", "key", "nonce")
    ]
    assert independent.open_body(seeds, frame["header"], frame["body"]).hex() == sealing["body"]


@named("forms")
def test_forms_independent(case: dict[str, Any]) -> None:
    """It reads the same out of every form."""
    data = bytes.fromhex(case["bytes"])
    if case["form"] != "frame":
        public = [KEYS[case["signed_by"]]["public"]]
        said = independent.verify_statement(case["form"], data, public)
        assert said["hash"].hex() == case["hash"]
        assert said.get("dispositions") == case.get("dispositions")
        return
    frame = independent.parse_frame(data)
    header, expected = independent.parse_header(frame["header"]), case["header"]
    assert frame["block_hash"].hex() == case["block_hash"]
    assert frame["body_hash"].hex() == case["body_hash"]
    assert list(header["channel"]) == [expected[key] for key in ("sender", "recipient", "lane")]
    assert list(header["place"]) == expected["place"]
    assert header["previous"].hex() == expected["previous"]
    for key in ("suite", "created", "directory_version"):
        assert header[key] == expected[key]


@named("malformed")
def test_malformed_independent(case: dict[str, Any]) -> None:
    """It refuses the same bytes."""
    with pytest.raises(independent.Malformed):
        independent.parse_statement(case["form"], bytes.fromhex(case["bytes"]))


@named("blocks")
def test_blocks_independent(case: dict[str, Any]) -> None:
    """It gives the same verdicts."""
    facts = {"origins": {}, "released": {}, "parties": {}, "seen": {}, "recalled": []}

    def judge(notifications: list[bytes]) -> list[int]:
        return [independent_items.judge_item(one, case, facts) for one in notifications]

    assert independent.judge_block(case, KEYS, judge) == case["expected"]


@named("items")
def test_items_independent(case: dict[str, Any]) -> None:
    """It gives the same dispositions, with an Avro reader of its own."""
    facts = json.loads(json.dumps(case["facts"]))
    data = bytes.fromhex(case["notification"])
    assert independent_items.judge_item(data, case, facts) == case["expected"]


@numbered("recipient")
def test_recipient_independent(case: dict[str, Any]) -> None:
    """It decides about every transition alike."""
    state = {name: independent._bytes(value) for name, value in case["state"].items()}
    block = case["block"] | {
        "place": tuple(case["block"]["place"]),
        "previous": bytes.fromhex(case["block"]["previous"]),
    }
    assert independent.continuation(state, block) == case["expected"]


@numbered("sender")
def test_sender_independent(case: dict[str, Any]) -> None:
    """It goes on after a fork or gap alike."""
    assert independent.after_discontinuity(case) == case["expected"]


# --- facts -----------------------------------------------------------------------------------


def own_keys(code: str) -> OwnKeys:
    """A member's keys from the seeds in the vectors."""
    seeds = {name: bytes.fromhex(value) for name, value in KEYS[code]["seeds"].items()}
    opener = Opener.from_seeds(seeds["ml_kem"], seeds["x25519"])
    return OwnKeys(code, Signer.from_seeds(seeds["ed25519"], seeds["ml_dsa"]), (opener,))


def directory_of(case: dict[str, Any]) -> FixedDirectory:
    """The members as a case describes them; a certificate is the code."""
    return FixedDirectory(member(code, case) for code in KEYS)


def member(code: str, case: dict[str, Any]) -> Member:
    """One of them."""
    keys = own_keys(code)
    suspended = code in case.get("suspended", ())
    return Member(
        code=code,
        name=code,
        roles=frozenset({MemberRole.HUB if code in case["hubs"] else MemberRole.CONTACT_POINT}),
        status=MemberStatus.SUSPENDED if suspended else MemberStatus.ACTIVE,
        endpoint=f"https://{code.lower()}.example",
        contact=DutyContact(),
        signing=keys.signing_keys,
        sealing=(keys.openers[0].public,),
        certificates=(code.encode(),),
    )


def state_of(case: dict[str, Any]) -> Inbound:
    """The recipient's end."""
    state = case["state"]
    hashes = bytes.fromhex(state["block_hash"]), bytes.fromhex(state["receipt_hash"])
    return Inbound(Place(*state["place"]), *hashes)


def seed_ledger(connection: Connection, case: dict[str, Any]) -> None:
    """The recipient's ledger as a case describes it."""
    channel, state = Channel(case["peer"], case["recipient"], Lane(case["lane"])), state_of(case)
    where = {"lane": channel.lane, "epoch": state.place.epoch, "sequence": state.place.sequence}
    if state.place.epoch:
        connection.execute(
            channels_in.insert().values(
                sender=channel.sender,
                block_hash=state.block_hash,
                receipt_hash=state.receipt_hash,
                **where,
            )
        )
    for one in case["receipted"]:
        connection.execute(
            blocks.insert().values(
                direction="in",
                peer=channel.sender,
                lane=channel.lane,
                epoch=one["place"][0],
                sequence=one["place"][1],
                header=b"",
                body_hash=b"",
                signatures=b"",
                stored_at=0,
                **{name: bytes.fromhex(one[name]) for name in one if name != "place"},
            )
        )


def seed_items(connection: Connection, case: dict[str, Any]) -> None:
    """What came before an item, as a case describes it."""
    facts = case["facts"]
    digests = {key.split("/")[0]: bytes.fromhex(one) for key, one in facts["seen"].items()}
    for number, origin in facts["origins"].items():
        if origin == case["recipient"]:
            row = {"type": "identification", "reference": "", "root": number, "routed_at": 0}
            connection.execute(outbound.insert().values(notification=number, **row))
        else:
            known = {"origin": origin, "revision": 1, "digest": digests.get(number, bytes(32))}
            connection.execute(identities.insert().values(notification=number, **known))
    for origin, number in facts["recalled"]:
        connection.execute(recalled.insert().values(origin=origin, notification=number, at=0))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty ledger."""
    made = open_database(tmp_path / "ledger.db")
    yield made
    made.close()
