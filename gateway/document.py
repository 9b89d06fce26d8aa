"""The API's document as it was merged when this version was built, and what the gateway answers from it."""

import json
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from chassis.access.callers import ROLES, Role

# One image knows all services, so that nobody has to be asked.
DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
LABELS, RETURN, PROBLEMS = "x-enumDescriptions", "x-national-return", "x-problems"


@cache
def document() -> dict[str, Any]:
    """The document, read once."""
    found: dict[str, Any] = json.loads(DOCUMENT.read_bytes())
    return found


def home_lists(schema: str, roles: Collection[Role]) -> list[str]:
    """The lists of a part of the home page that are for somebody with these roles."""
    properties = document()["components"]["schemas"][schema]["properties"]
    return [name for name, described in properties.items() if not set(roles).isdisjoint(described[ROLES])]


def allowed(roles: Collection[Role]) -> list[str]:
    """The operations that somebody with these roles may call, by name."""
    return sorted(
        operation["operationId"] for operation in _operations() if not set(roles).isdisjoint(operation[ROLES])
    )


def vocabulary() -> dict[str, Any]:
    """For each enum its values with their words for people, and the national return whose codes they are, if any."""
    return {
        name: {
            "description": schema["description"],
            "national_return": schema.get(RETURN),
            "values": [
                {"value": value, "label": words, "code": value if RETURN in schema else None}
                for value, words in schema[LABELS].items()
            ],
        }
        for name, schema in document()["components"]["schemas"].items()
        if LABELS in schema
    }


def problem(name: str) -> dict[str, Any] | None:
    """What the document says of a type of problem, by the end of its address."""
    return next((kind for kind in document()[PROBLEMS] if kind["type"] == f"/problems/{name}"), None)


def _operations() -> Iterator[dict[str, Any]]:
    for item in document()["paths"].values():
        yield from (operation for operation in item.values() if ROLES in operation)
