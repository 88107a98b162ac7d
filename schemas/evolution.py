"""What may change in a schema: FULL_TRANSITIVE compatibility, and rules of our own.

A changed schema must read what every released version wrote, and every released version must
read what it writes (Avro specification, "Schema Resolution"). On top of that, because a view is
made of sensitivities and records outlive releases:

- what is released under a version stays as it is; a change needs a new version;
- every field keeps saying how sensitive it is, and says something looser only in a new version;
- a name keeps its meaning: it is not given another logical type, and not used again for
  something else after it was dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schemas.markings import Sensitivity
from schemas.resolution import Schema, expanded, unreadable


def check(current: Schema, version: int, released: Mapping[int, Schema]) -> list[str]:
    """Why ``current`` may not be ``version`` of a type that has ``released``; empty when it may.

    Args:
        current: the contract, self-contained.
        version: the one it is to have.
        released: the earlier contracts of the same type by version.
    """
    found = [f"{path}: has no sensitivity" for path in _unlabelled(current)]
    for number, earlier in sorted(released.items()):
        found += [f"version {number}: {problem}" for problem in incompatible(current, earlier)]
        found += [f"version {number}: {problem}" for problem in _other_meaning(current, earlier)]
    if version in released:
        found += _changed(current, version, released[version])
    return found + _used_again(current, [released[number] for number in sorted(released)])


def incompatible(one: Schema, other: Schema) -> list[str]:
    """Why records of ``one`` cannot all be read with ``other``, or the reverse."""
    forth = [f"{problem} (reading old records)" for problem in unreadable(one, other)]
    back = [f"{problem} (read by old nodes)" for problem in unreadable(other, one)]
    return forth + back


def _changed(current: Schema, version: int, released: Schema) -> Iterator[str]:
    """What differs from the contract released under the same version; comments may."""
    ours, theirs = dict(_fields(current)), dict(_fields(released))
    for path in sorted(ours.keys() & theirs.keys()):
        now, then = _sensitivity(ours[path]), _sensitivity(theirs[path])
        if now != then:
            yield (
                f"{path}: the sensitivity {then} became {now} without a new version; "
                "nodes that have this version withhold it by the old one"
            )
    if _without_comments(current) != _without_comments(released):
        yield f"differs from what was released as version {version}: raise catalogue.VERSION"


def _other_meaning(current: Schema, released: Schema) -> Iterator[str]:
    ours, theirs = dict(_fields(current)), dict(_fields(released))
    for path in sorted(ours.keys() & theirs.keys()):
        now, then = _logical(ours[path]["type"]), _logical(theirs[path]["type"])
        if now != then:
            yield f"{path}: the same name means {now or 'a plain value'}, it was {then or 'plain'}"


def _used_again(current: Schema, versions: Sequence[Schema]) -> list[str]:
    """Names that some version dropped after another one had them, and that are back."""
    seen: set[str] = set()
    dropped: set[str] = set()
    for schema in versions:
        paths = {path for path, _ in _fields(schema)}
        dropped |= seen - paths
        seen |= paths
    back = sorted(dropped & {path for path, _ in _fields(current)})
    return [f"{path}: the name of a field dropped earlier; choose another" for path in back]


def _unlabelled(schema: Schema) -> Iterator[str]:
    return (path for path, field in _fields(schema) if _sensitivity(field) is None)


def _sensitivity(field: Schema) -> str | None:
    value = field.get("sensitivity")
    return value if value in set(Sensitivity) else None


def _fields(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every field of a contract with its dotted path, nested ones after their holder."""
    for node in _parts(expanded(schema) if not path else schema):
        for field in node.get("fields", ()):
            here = f"{path}.{field['name']}" if path else field["name"]
            yield here, field
            yield from _fields(field["type"], here)


def _parts(node: Schema) -> Iterator[Schema]:
    """The records in ``node``, looking through unions, arrays and maps."""
    if isinstance(node, list):
        for branch in node:
            yield from _parts(branch)
    elif isinstance(node, dict):
        if "fields" in node:
            yield node
        for key in ("items", "values"):
            if key in node:
                yield from _parts(node[key])


def _logical(node: Schema) -> str | None:
    """The logical type inside ``node``: of it, of a union's branch or of an array's items."""
    if isinstance(node, list):
        return next(filter(None, map(_logical, node)), None)
    if not isinstance(node, dict):
        return None
    return node.get("logicalType") or _logical(node.get("items"))


def _without_comments(node: Schema) -> Schema:
    if isinstance(node, dict):
        return {k: _without_comments(v) for k, v in node.items() if k != "doc"}
    return [_without_comments(item) for item in node] if isinstance(node, list) else node
