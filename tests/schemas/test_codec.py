import io
import json
import subprocess
import sys
from importlib import resources
from typing import Any

import avro.io
import avro.schema
import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import catalogue, codec
from schemas.errors import MalformedRecord, UnknownSchema
from schemas.identities import new_id
from schemas.markings import Role
from schemas.notifications import (
    TYPES,
    Head,
    Identification,
    LastSeen,
    Marking,
    MissingChild,
    Notification,
    Takedown,
)
from tests.strategies import marked, notifications

HUGE = (2**31, 2**62, -1, -(2**62), -(2**63))
"""Lengths and counts that no honest writer sends."""


@given(notifications())
def test_round_trip(notification: Notification) -> None:
    """What is encoded is decoded again, and its head can be read alone."""
    data = codec.encode(notification)
    assert codec.decode(data) == notification
    assert codec.decode_head(data) == notification.head


@given(notifications(), st.data())
def test_truncated(notification: Notification, data: st.DataObject) -> None:
    """A record cut anywhere is malformed."""
    encoded = codec.encode(notification)
    end = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(MalformedRecord):
        codec.decode(encoded[:end])


def test_truncated_everywhere() -> None:
    """A record in which everything is filled is malformed when cut at any byte."""
    encoded = codec.encode_record("identification", marked("identification"))
    for end in range(len(encoded)):
        with pytest.raises(MalformedRecord):
            codec.decode(encoded[:end])


@given(notifications(), st.binary(min_size=1))
def test_trailing_bytes(notification: Notification, tail: bytes) -> None:
    """Bytes after the record are refused, so that nothing can hide there."""
    with pytest.raises(MalformedRecord, match="bytes follow the end of the record"):
        codec.decode(codec.encode(notification) + tail)


@given(notifications(), st.data())
def test_flipped_bits(notification: Notification, data: st.DataObject) -> None:
    """Whatever bits flip, MalformedRecord (or UnknownSchema, which is one) is all that escapes."""
    damaged = bytearray(codec.encode(notification))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] ^= 1 << data.draw(st.integers(0, 7))
    _only_malformed(bytes(damaged))


@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=400))
def test_any_bytes(name: str, tail: bytes) -> None:
    """Whatever follows a known fingerprint, MalformedRecord is all that escapes."""
    _only_malformed(catalogue.entry(name).prefix + tail)


@pytest.mark.parametrize("number", HUGE)
def test_hostile_string_length(number: int) -> None:
    """A string that claims an impossible length is malformed at once."""
    _refused(catalogue.entry("identification").prefix + _zigzag(number) + b"abc")


@pytest.mark.parametrize("number", HUGE)
def test_hostile_array_count(number: int) -> None:
    """An array that claims an impossible count ends where the bytes end."""
    _refused(_with_array(_zigzag(number)))
    # A negative count is followed by the block's length in bytes.
    _refused(_with_array(_zigzag(number) + _zigzag(2**40) + b"\2a"))


def test_endless_number() -> None:
    """A number whose bytes never end is malformed, not endless."""
    _refused(catalogue.entry("recall").prefix + b"\x80" * 200_000)


def test_longest_array() -> None:
    """The most items that fit cost a second and 100 MiB at the very most, in a fresh process."""
    hostile = _with_array(_zigzag(125_000) + b"\0" * 250_000)
    script = (
        "import resource, sys\n"
        "from schemas import codec, errors\n"
        "codec.catalogue.by_prefix()\n"
        "data = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    codec.decode(data)\n"
        "except errors.MalformedRecord:\n    pass\n"
        "usage = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(usage.ru_maxrss - before, usage.ru_utime)\n"
    )
    root = resources.files("schemas").joinpath("..")
    run = subprocess.run(
        [sys.executable, "-c", script],
        input=hostile,
        capture_output=True,
        cwd=str(root),
        check=True,
    )
    kilobytes, seconds = map(float, run.stdout.split())
    assert kilobytes < 100 * 1024
    assert seconds < 5


def test_oversized() -> None:
    """A record above the bound is refused before it is read, and never written."""
    too_long = catalogue.entry("recall").prefix + bytes(codec.MAX_NOTIFICATION_BYTES)
    with pytest.raises(MalformedRecord, match="the record is longer than 262144 bytes"):
        codec.decode(too_long)
    with pytest.raises(MalformedRecord, match=r"bytes, 262144 are allowed; split it"):
        codec.encode(Identification(_head(), series="a" * codec.MAX_NOTIFICATION_BYTES))


def test_not_single_object() -> None:
    """Bytes without the marker are not ours."""
    with pytest.raises(MalformedRecord, match="not an Avro record in single-object encoding"):
        codec.decode(b'{"type": "identification"}')


def test_unknown_fingerprint() -> None:
    """A schema of a later version is told apart from damage, with its fingerprint."""
    with pytest.raises(UnknownSchema, match="upgrade this node") as refusal:
        codec.decode_head(b"\xc3\x01" + bytes(range(8)) + b"anything")
    assert refusal.value.fingerprint == "0001020304050607"


def test_another_type_in_the_head() -> None:
    """The head cannot name another type than the schema."""
    record = Identification(_head()).to_record()
    record["head"]["type"] = "takedown"
    data = codec.encode_record("identification", record)
    for decode in (codec.decode, codec.decode_head):
        with pytest.raises(MalformedRecord, match="the head names another type than the schema"):
            decode(data)
    with pytest.raises(MalformedRecord, match="the head names another type than the notification"):
        codec.encode(Takedown(_head()))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": "case-1"}, "an id is not a UUID in canonical text form"),
        ({"root": "0" * 32}, "an id is not a UUID in canonical text form"),
        ({"origin": "France"}, "the origin in the head is not a jurisdiction code"),
        ({"revision": 2**40}, "a number is negative or takes more than 31 bits"),
        ({"version": 0}, "a version in the head is not counted from 1"),
        ({"created": 2**62}, "an instant is outside the years 1 to 9999"),
    ],
)
def test_senseless_head(change: dict[str, Any], problem: str) -> None:
    """A head that the database or a date could not hold is malformed, alone and as a whole."""
    record = Identification(_head()).to_record()
    record["head"] |= change
    data = codec.encode_record("identification", record)
    for decode in (codec.decode, codec.decode_head):
        with pytest.raises(MalformedRecord, match=problem):
            decode(data)


def test_senseless_body() -> None:
    """An instant or an id that nobody could use is malformed wherever it stands."""
    late = MissingChild(_head("missing-child"), last_seen=LastSeen(at=2**62))
    with pytest.raises(MalformedRecord, match="an instant is outside the years 1 to 9999"):
        codec.encode(late)
    data = codec.encode_record("missing-child", late.to_record())
    with pytest.raises(MalformedRecord, match="an instant is outside the years 1 to 9999"):
        codec.decode_record(data)
    record = marked("match-alert")
    record["yours"]["notification"] = "case-1"
    with pytest.raises(MalformedRecord, match="an id is not a UUID"):
        codec.decode_record(codec.encode_record("match-alert", record))


def test_value_of_another_type() -> None:
    """A value that does not fit is refused when writing, without being repeated."""
    with pytest.raises(MalformedRecord, match="a value does not fit") as refusal:
        codec.encode(Identification(_head(), series=object()))  # type: ignore[arg-type]
    assert "object" not in str(refusal.value)
    with pytest.raises(MalformedRecord, match="a value does not fit"):
        codec.encode(Identification(_head(), role="bystander"))  # type: ignore[arg-type]


@given(notifications())
def test_fastavro_reads_it(notification: Notification) -> None:
    """A stranger with the contract and fastavro reads what we write, and writes the same bytes."""
    data = codec.encode(notification)
    schema = catalogue.contract(notification.head.type)
    read = fastavro.schemaless_reader(io.BytesIO(data[10:]), _plain(schema), None)
    assert read == notification.to_record()


@given(notifications())
def test_apache_avro_agrees(notification: Notification) -> None:
    """Apache's own library reads our records and writes them, byte for byte."""
    data = codec.encode(notification)
    schema = avro.schema.parse(json.dumps(_plain(catalogue.contract(notification.head.type))))
    read = avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(data[10:])))
    assert read == notification.to_record()
    written = io.BytesIO()
    avro.io.DatumWriter(schema).write(notification.to_record(), avro.io.BinaryEncoder(written))
    assert data[:10] + written.getvalue() == data


def test_apache_avro_agrees_on_the_schema() -> None:
    """Apache's own library computes the same fingerprints."""
    for name in TYPES:
        # It leaves {"type": "string"} where the canonical form wants "string" once a logical
        # type was there; Java's does not. So it is given the contract without them.
        schema = avro.schema.parse(json.dumps(_plain(catalogue.contract(name))))
        assert schema.fingerprint("CRC-64-AVRO") == catalogue.entry(name).prefix[2:]


def test_enums_come_back() -> None:
    """Decoding gives members of the closed lists, not strings."""
    decoded = codec.decode(codec.encode(Identification(_head(), role=Role.VICTIM)))
    assert isinstance(decoded, Identification)
    assert decoded.role is Role.VICTIM


def _head(name: str = "identification") -> Head:
    id = new_id()
    return Head(id, name, 1, "FR", "FR-1", id, 0, Marking())


def _with_array(array: bytes) -> bytes:
    """An identification whose media hashes are the bytes ``array``."""
    data = codec.encode(Identification(_head(), series=None))
    # The record ends with an empty array and a null: one byte each.
    assert data.endswith(b"\0\0\0")
    return data[:-2] + array + b"\0\0"


def _refused(data: bytes) -> None:
    for decode in (codec.decode, codec.decode_head):
        try:
            decode(data)
        except MalformedRecord:
            continue
        assert decode is codec.decode_head


def _only_malformed(data: bytes) -> None:
    for decode in (codec.decode, codec.decode_head):
        try:
            decode(data)
        except MalformedRecord:
            continue


def _zigzag(number: int) -> bytes:
    value = number << 1 if number >= 0 else (-number << 1) - 1
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _plain(node: Any) -> Any:
    """The contract without logical types, with which a reader gives plain numbers and strings."""
    if isinstance(node, dict):
        return {k: _plain(v) for k, v in node.items() if k != "logicalType"}
    return [_plain(item) for item in node] if isinstance(node, list) else node
