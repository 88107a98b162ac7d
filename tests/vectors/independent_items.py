"""The second implementation's view of single items: docs/relay-protocol.md, sections 8 and 10.

Reads Avro by the schemas in ``schemas/avro`` (which are part of the protocol) with a reader of its
own. Pictures are recognised by ``data:`` URIs only: what step 16 looks for is a recipient's own
affair.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from tests.vectors.independent import pair_id

SCHEMAS = Path(__file__).parents[2] / "schemas" / "avro"
TYPES = ("identification", "takedown", "missing-child", "match-alert", "match-verdict", "recall")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EMPTY = 0xC15D213AA4D7A795
"""Seed and polynomial of CRC-64-AVRO."""
INSTANTS = range(-62_135_596_800_000, 253_402_300_800_000)


class Disposed(Exception):
    """An item is not accepted, with this disposition."""

    def __init__(self, disposition: int) -> None:
        self.disposition = disposition


def fingerprint(canonical: str) -> bytes:
    """CRC-64-AVRO of a schema's parsing canonical form, little-endian."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (EMPTY if value & 1 else 0)
        table.append(value)
    crc = EMPTY
    for byte in canonical.encode():
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc.to_bytes(8, "little")


def canonical(node: Any, space: str = "liaison") -> str:
    """Parsing canonical form of a schema."""
    if isinstance(node, str):
        return json.dumps(_full(node, space))
    if isinstance(node, list):
        return "[" + ",".join(canonical(one, space) for one in node) + "]"
    if node["type"] == "array":
        return '{"type":"array","items":' + canonical(node["items"], space) + "}"
    if node["type"] not in ("record", "enum"):
        return json.dumps(node["type"])
    name = json.dumps(_full(node["name"], space))
    if node["type"] == "enum":
        symbols = json.dumps(node["symbols"], separators=(",", ":"))
        return f'{{"name":{name},"type":"enum","symbols":{symbols}}}'
    fields = ",".join(
        f'{{"name":{json.dumps(one["name"])},"type":{canonical(one["type"], space)}}}'
        for one in node["fields"]
    )
    return f'{{"name":{name},"type":"record","fields":[{fields}]}}'


def _full(name: str, space: str) -> str:
    primitive = ("null", "boolean", "int", "long", "string")
    return name if name in primitive or "." in name else f"{space}.{name}"


@cache
def catalogue() -> dict[bytes, tuple[str, Any]]:
    """Type and schema by fingerprint; the head stands in full where it is first named."""
    found = {}
    for name in TYPES:
        schema = json.loads((SCHEMAS / f"{name}.avsc").read_text("utf-8"))
        schema["fields"][0]["type"] = json.loads((SCHEMAS / "head.avsc").read_text("utf-8"))
        found[fingerprint(canonical(schema))] = name, schema
    return found


class Avro:
    """A record in binary encoding, read front to back."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.named: dict[str, Any] = {}

    def take(self, length: int) -> bytes:
        if not 0 <= length <= len(self.data) - self.at:
            raise Disposed(16)
        self.at += length
        return self.data[self.at - length : self.at]

    def long(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift > 63:
                raise Disposed(16)
        return value >> 1 ^ -(value & 1)

    def read(self, node: Any) -> Any:
        if isinstance(node, list):
            branch = self.long()
            if not 0 <= branch < len(node):
                raise Disposed(16)
            return self.read(node[branch])
        if isinstance(node, str):
            return self.read(self.named[node]) if node in self.named else self.primitive(node)
        if node["type"] in ("record", "enum"):
            self.named[node["name"]] = node
        match node["type"]:
            case "record":
                return {one["name"]: self.read(one["type"]) for one in node["fields"]}
            case "enum":
                return self.symbol(node["symbols"])
            case "array":
                return self.array(node["items"])
        return self.logical(node)

    def primitive(self, name: str) -> Any:
        match name:
            case "null":
                return None
            case "boolean":
                return self.take(1) != b"\0"
            case "string":
                try:
                    return self.take(self.long()).decode()
                except UnicodeDecodeError as error:
                    raise Disposed(16) from error
        value = self.long()
        if name == "int" and not 0 <= value < 1 << 31:
            raise Disposed(16)
        return value

    def logical(self, node: Any) -> Any:
        value = self.primitive(node["type"])
        if node["logicalType"] == "uuid" and not UUID.fullmatch(value):
            raise Disposed(16)
        if node["logicalType"] == "timestamp-millis" and value not in INSTANTS:
            raise Disposed(16)
        return value

    def symbol(self, symbols: list[str]) -> str:
        number = self.long()
        if not 0 <= number < len(symbols):
            raise Disposed(16)
        return symbols[number]

    def array(self, node: Any) -> list[Any]:
        found: list[Any] = []
        while count := self.long():
            if count < 0:
                count = -count
                self.long()
            found += [self.read(node) for _ in range(min(count, len(self.data)))]
        return found


def decode(data: bytes) -> tuple[str, dict[str, Any]]:
    """Step 14."""
    if data[:2] != b"\xc3\x01" or len(data) < 10:
        raise Disposed(16)
    if len(data) > 262_144:
        raise Disposed(16)
    if data[2:10] not in catalogue():
        raise Disposed(2)
    name, schema = catalogue()[data[2:10]]
    avro = Avro(data[10:])
    record = avro.read(schema)
    head = record["head"]
    ids = [head["id"], head["root"], *head["predecessors"]]
    ids += record["targets"] if name == "recall" else []
    few = len({*ids} - {head["id"]}) <= 256
    sound = few and avro.at == len(avro.data) and head["type"] == name
    if not sound or min(head["version"], head["revision"]) < 1 or not all(map(UUID.fullmatch, ids)):
        raise Disposed(16)
    for side in ("yours", "theirs") if name == "match-alert" else ():
        _side(record[side])
    if "\0" in head["reference"]:
        raise Disposed(16)
    return name, record


def _side(side: Any) -> None:
    code, words = side["jurisdiction"], side["reference"] + side["role"]
    if not re.fullmatch("[A-Z]{2}", code) or len(side["role"]) > 16 or "\0" in words:
        raise Disposed(16)


def judge_item(data: bytes, case: dict[str, Any], facts: dict[str, Any]) -> int:
    """Steps 14 to 17 and identity, for one item; remembers what it accepts in ``facts``."""
    try:
        name, record = decode(data)
        _authority(name, record, case, facts)
        if b"data:image/" in data:
            raise Disposed(21)
        until = record["head"]["valid_until"]
        if until is not None and until <= case["now"]:
            raise Disposed(22)
        _identity(name, record, data, case, facts)
    except Disposed as disposed:
        return disposed.disposition
    return 0


def _authority(name: str, record: Any, case: dict[str, Any], facts: dict[str, Any]) -> None:
    head, sender = record["head"], case["peer"]
    if head["origin"] != sender:
        raise Disposed(17)
    chain = {head["root"], *head["predecessors"], *record.get("targets", ())} - {head["id"]}
    if any(facts["origins"].get(one, sender) != sender for one in chain):
        raise Disposed(18)
    if name == "match-alert":
        _alert(record, case, facts)
    if name == "match-verdict":
        ids = record["notifications"]
        if len(ids) != 2 or record["pair"] != pair_id(*ids):
            raise Disposed(16)
        known = {facts["origins"].get(one) for one in ids}
        if sender not in known | {*facts["parties"].get(record["pair"], ())}:
            raise Disposed(19)


def _alert(record: Any, case: dict[str, Any], facts: dict[str, Any]) -> None:
    yours, theirs = record["yours"], record["theirs"]
    if record["pair"] != pair_id(yours["notification"], theirs["notification"]):
        raise Disposed(16)
    released = facts["released"].get(yours["notification"], ())
    asked = {case["peer"], *case["hubs"]}
    if yours["jurisdiction"] != case["recipient"] or not asked & {*released}:
        raise Disposed(20)
    if theirs["jurisdiction"] != case["peer"] and case["peer"] not in case["hubs"]:
        raise Disposed(19)


def _identity(
    name: str, record: Any, data: bytes, case: dict[str, Any], facts: dict[str, Any]
) -> None:
    head, sender = record["head"], case["peer"]
    if facts["origins"].get(head["id"], sender) != sender:
        raise Disposed(24)
    if [sender, head["id"]] in facts["recalled"]:
        raise Disposed(23)
    key = f"{head['id']}/{head['revision']}"
    digest = hashlib.sha256(data).hexdigest()
    if key in facts["seen"]:
        raise Disposed(1 if facts["seen"][key] == digest else 24)
    facts["seen"][key] = digest
    facts["origins"][head["id"]] = sender
    if name == "recall":
        facts["recalled"] += [[sender, one] for one in record["targets"]]
