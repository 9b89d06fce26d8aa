"""What a reader would not understand of what another service says."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any


def unread(said: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[str]:
    """What a reader would not understand of what is said."""
    for field, wanted in read["properties"].items():
        given = said["properties"].get(field)
        if given is None:
            yield f"{field} is read and never said"
        elif not _kinds(said, given) <= _kinds(read, wanted):
            yield f"{field} is said as {_kinds(said, given)} and read as {_kinds(read, wanted)}"
    for field in read.get("required", ()):
        if field not in said.get("required", ()):
            yield f"{field} is needed and may be left out"


def _kinds(whole: Mapping[str, Any], schema: Mapping[str, Any]) -> set[Any]:
    """The kinds of value that a schema allows: type, format, what a list holds, and the words of an enumeration."""
    if "$ref" in schema:
        return _kinds(whole, whole["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return set(chain.from_iterable(_kinds(whole, kind) for kind in schema["anyOf"]))
    if "enum" in schema:
        return {("word", word) for word in schema["enum"]}
    inside = frozenset(_kinds(whole, schema["items"])) if "items" in schema else None
    return {(schema.get("type"), schema.get("format"), inside)}
