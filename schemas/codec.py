"""Avro single-object encoding of notifications (Avro specification, "Single-object encoding").

Two bytes ``C3 01``, the CRC-64-AVRO fingerprint of the schema in little-endian order, then the
binary record: the bytes name their schema, so they survive crossing from cluster to cluster.
"""

from __future__ import annotations

import io
from functools import cache

from fastavro import schemaless_reader, schemaless_writer
from fastavro.types import Schema as AvroSchema

from schemas import catalogue
from schemas.branches import named
from schemas.errors import MalformedRecord, UnknownSchema
from schemas.notifications import TYPES, Head, Notification, Record
from schemas.soundness import Unsound, check, check_head

PREFIX_LENGTH = 10
MAX_NOTIFICATION_BYTES = 256 * 1024
"""An encoded notification is at most this long; four of them still fit a block.

It bounds what reading costs, too: every item of an array takes at least one byte, whatever
count the bytes claim, and no schema nests within itself. A test holds the schemas to that.
"""

_OTHER_TYPE = "the head names another type than the schema"
_OUTSIDE = "a value is outside its closed list"


def encode(notification: Notification) -> bytes:
    """The single-object encoding of ``notification`` in the current schema of its type.

    Raises:
        MalformedRecord: a value does not fit its field.
    """
    if TYPES.get(notification.head.type) is not type(notification):
        # fastavro would write the defaults of the fields it does not find.
        raise MalformedRecord("the head names another type than the notification has")
    try:
        record = notification.to_record()
        check(notification.head.type, record)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _malformed(error, "a value does not fit its field") from error
    return encode_record(notification.head.type, record)


def encode_record(name: str, record: Record) -> bytes:
    """The single-object encoding of a record in dictionary form.

    Raises:
        MalformedRecord: a value does not fit its field, or the result is too long.
    """
    entry = catalogue.entry(name)
    out = io.BytesIO()
    out.write(entry.prefix)
    try:
        schemaless_writer(out, entry.parsed, named(name, record))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise MalformedRecord(f"a value does not fit the schema of {name}") from error
    if out.tell() > MAX_NOTIFICATION_BYTES:
        raise MalformedRecord(
            f"the notification has {out.tell()} bytes, {MAX_NOTIFICATION_BYTES} are allowed",
            remedy="split it, or send fewer hashes",
        )
    return out.getvalue()


def entry_of(data: bytes) -> catalogue.Entry:
    """The catalogue entry that ``data`` names.

    Raises:
        MalformedRecord: not single-object encoded.
        UnknownSchema: the fingerprint is not known here.
    """
    prefix = bytes(data[:PREFIX_LENGTH])
    found = catalogue.by_prefix().get(prefix)
    if found is not None:
        return found
    if len(prefix) < PREFIX_LENGTH or not prefix.startswith(b"\xc3\x01"):
        raise MalformedRecord("not an Avro record in single-object encoding")
    raise UnknownSchema(prefix[2:].hex())


def decode_record(data: bytes) -> Record:
    """The record in dictionary form, resolved to the current schema of its type.

    Raises:
        MalformedRecord: truncated, trailing bytes, or no such values. Nothing else escapes.
        UnknownSchema: the fingerprint is not known here.
    """
    _check_length(data)
    entry = entry_of(data)
    reader = catalogue.entry(entry.name).parsed
    record = _read(data, entry.parsed, None if reader is entry.parsed else reader, whole=True)
    if record["head"]["type"] != entry.name:
        raise MalformedRecord(_OTHER_TYPE)
    try:
        check(entry.name, record)
    except Unsound as error:
        raise MalformedRecord(str(error)) from error
    return record


def decode(data: bytes) -> Notification:
    """The notification in ``data``; raises as :func:`decode_record`."""
    record = decode_record(data)
    try:
        return TYPES[record["head"]["type"]].from_record(record)
    except (KeyError, ValueError, TypeError) as error:
        raise MalformedRecord(_OUTSIDE) from error


def decode_head(data: bytes) -> Head:
    """The head alone, without decoding what follows it; raises as :func:`decode_record`.

    The head is the first field of every record and Avro writes fields one after the other, so
    its schema can read it from the record's first byte on.
    """
    entry = entry_of(data)
    record = _read(data, _head_writer(entry.prefix), catalogue.head_schema(), whole=False)
    if record["type"] != entry.name:
        raise MalformedRecord(_OTHER_TYPE)
    try:
        check_head(record)
        return Head.from_record(record)
    except (KeyError, ValueError, TypeError) as error:
        raise _malformed(error, _OUTSIDE) from error


@cache
def _head_writer(prefix: bytes) -> AvroSchema:
    """The head's schema as the writer of ``prefix`` had it; the current one where they agree."""
    head = catalogue.parse(catalogue.by_prefix()[prefix].schema["fields"][0]["type"])
    current = catalogue.head_schema()
    return current if head == current else head


def _malformed(error: Exception, otherwise: str) -> MalformedRecord:
    return MalformedRecord(str(error) if isinstance(error, Unsound) else otherwise)


def _check_length(data: bytes) -> None:
    if len(data) > MAX_NOTIFICATION_BYTES:
        raise MalformedRecord(f"the record is longer than {MAX_NOTIFICATION_BYTES} bytes")


def _read(data: bytes, writer: AvroSchema, reader: AvroSchema | None, *, whole: bool) -> Record:
    _check_length(data)
    stream = io.BytesIO(data)
    stream.seek(PREFIX_LENGTH)
    try:
        record = schemaless_reader(stream, writer, None if reader is writer else reader)
    except MemoryError:
        raise  # our own trouble, not theirs
    except Exception as error:
        # fastavro raises what the bytes lead it to: EOFError, IndexError, UnicodeDecodeError, …
        raise MalformedRecord("truncated, or not a record of the schema it names") from error
    if whole and stream.tell() != len(data):
        raise MalformedRecord("bytes follow the end of the record")
    if not isinstance(record, dict):
        raise MalformedRecord("not a record")
    return record
