import json
from typing import Any

import pytest

from schemas import catalogue
from schemas.markings import Sensitivity
from schemas.notifications import TYPES
from tests.strategies import schema_fields

EVERY_FIELD = [
    pytest.param(field, id=f"{name}.{path}")
    for name in TYPES
    for path, field in schema_fields(catalogue.contract(name))
]


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_sensitivity(field: dict[str, Any]) -> None:
    """Every field, nested ones too, says what it tells; one that can be withheld has a default."""
    sensitivity = Sensitivity(field["sensitivity"])
    assert sensitivity is Sensitivity.PUBLIC or "default" in field


@pytest.mark.parametrize("name", TYPES)
def test_nothing_nested_is_freer_than_what_holds_it(name: str) -> None:
    """A withheld field takes everything inside it along, so nothing inside may be public."""
    fields = list(schema_fields(catalogue.contract(name)))
    held = {path: Sensitivity(field["sensitivity"]) for path, field in fields}
    for path, sensitivity in held.items():
        for outer, holder in held.items():
            if path.startswith(f"{outer}.") and holder is not Sensitivity.PUBLIC:
                assert sensitivity is holder, path


def test_files() -> None:
    """There is one file for each type and one for the head, and no other."""
    names = {path.name for path in catalogue._directory("avro").iterdir()}
    assert names == {f"{name}.avsc" for name in (*TYPES, "head")}


def test_shared_types() -> None:
    """A type that several contracts repeat is the same in all of them, word for word."""
    seen: dict[str, Any] = {}
    for name in TYPES:
        for found in _named_types(catalogue.contract(name)):
            assert seen.setdefault(found["name"], found) == found
    assert {"Head", "Marking", "DutyContact", "MediaHash", "Sex"} <= seen.keys()


@pytest.mark.parametrize("name", TYPES)
def test_reading_is_bounded(name: str) -> None:
    """Every array item takes at least a byte and nothing nests in itself: bytes bound memory."""
    for node in _nodes(catalogue.contract(name)):
        if isinstance(node, dict) and node.get("type") == "array":
            assert _takes_a_byte(node["items"])
        if isinstance(node, dict) and node.get("type") == "record":
            assert node["name"] not in {n for n in _nodes(node["fields"]) if isinstance(n, str)}


@pytest.mark.parametrize("name", TYPES)
def test_head_comes_first(name: str) -> None:
    """The head is the first field, so that it can be read without what follows."""
    first = catalogue.contract(name)["fields"][0]
    assert (first["name"], first["type"]["name"]) == ("head", "Head")


@pytest.mark.parametrize("name", TYPES)
def test_fingerprint(name: str) -> None:
    """The prefix is C3 01 and the CRC-64-AVRO of the parsing canonical form, little-endian."""
    canonical = _canonical(catalogue.contract(name), "")
    expected = b"\xc3\x01" + _crc_64_avro(canonical.encode()).to_bytes(8, "little")
    assert catalogue.entry(name).prefix == expected


def test_fingerprint_of_the_specification() -> None:
    """The computation in this file agrees with the specification's example, the type int."""
    assert _crc_64_avro(b'"int"') == 0x7275D51A3F395C8F


def test_by_prefix() -> None:
    """Every current schema is found by its prefix, and no two share one."""
    known = catalogue.by_prefix()
    for name in TYPES:
        assert known[catalogue.entry(name).prefix].name == name
    assert all(entry.prefix == prefix for prefix, entry in known.items())


def test_sensitivities_of_an_entry() -> None:
    """An entry lists what its fields tell, the head's included."""
    assert catalogue.entry("identification").sensitivities == {
        Sensitivity.PUBLIC,
        Sensitivity.CASE,
        Sensitivity.CONTACT,
        Sensitivity.IDENTITY,
        Sensitivity.MATCH,
    }


def test_unknown_name() -> None:
    """A name that is no type has no schema."""
    with pytest.raises(KeyError):
        catalogue.contract("head")


def _nodes(node: Any) -> list[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [node, *(found for child in inner for found in _nodes(child))]


def _named_types(schema: Any) -> list[dict[str, Any]]:
    return [
        node
        for node in _nodes(schema)
        if isinstance(node, dict) and node.get("type") in ("record", "enum", "fixed")
    ]


def _takes_a_byte(items: Any) -> bool:
    if isinstance(items, dict) and items["type"] == "record":
        return any(_takes_a_byte(field["type"]) for field in items["fields"])
    return items != "null"


def _canonical(node: Any, namespace: str) -> str:
    """The parsing canonical form, after the list of transformations in the specification."""
    if isinstance(node, str):
        primitive = node in {"null", "boolean", "int", "long", "string"}
        return json.dumps(node if primitive or "." in node else f"{namespace}.{node}")
    if isinstance(node, list):
        return "[" + ",".join(_canonical(branch, namespace) for branch in node) + "]"
    kind = node["type"]
    if kind == "array":
        return f'{{"type":"array","items":{_canonical(node["items"], namespace)}}}'
    if kind not in ("record", "enum"):
        return json.dumps(kind)
    namespace = node.get("namespace", namespace)
    name = json.dumps(f"{namespace}.{node['name']}")
    if kind == "enum":
        symbols = ",".join(map(json.dumps, node["symbols"]))
        return f'{{"name":{name},"type":"enum","symbols":[{symbols}]}}'
    fields = ",".join(
        f'{{"name":{json.dumps(f["name"])},"type":{_canonical(f["type"], namespace)}}}'
        for f in node["fields"]
    )
    return f'{{"name":{name},"type":"record","fields":[{fields}]}}'


def _crc_64_avro(data: bytes) -> int:
    """Bit by bit, with the polynomial of the specification's section on schema fingerprints."""
    empty = 0xC15D213AA4D7A795
    value = empty
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (empty if value & 1 else 0)
    return value
