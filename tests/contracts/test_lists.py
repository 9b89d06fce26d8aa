"""Every list takes each of its parameters and refuses any other: a misspelt filter would show everything."""

from collections.abc import Mapping
from typing import Any

import pytest

from chassis.access.callers import Role
from deploy.services import SERVICES
from tests.support.contracts.services import Operation, all_operations, application, merged, resolved
from tests.support.contracts.tables import row_schema, tables
from tests.support.running import Running

SAMPLES = {"boolean": ["true", "false"], "integer": ["7", "0"], "string": ["ESC-2019"]}
# Where to go on, the order, a part of a reference, and what is searched for.
TAKES_ONE = {"cursor", "sort", "text"}
OF_FORMAT = {"date": ["2019-04-01"], "uuid": ["018f0000-0000-7000-8000-000000000000"]}


def parameters(operation: Operation) -> dict[str, Any]:
    """The schemas of what an operation takes in its query."""
    return {
        parameter["name"]: parameter["schema"]
        for parameter in operation.document.get("parameters", ())
        if parameter["in"] == "query"
    }


def lists(name: str) -> list[Operation]:
    """The lists of a service: what is read in pages."""
    return [operation for operation in all_operations(application(name).openapi()) if "cursor" in parameters(operation)]


def samples(name: str, schema: Mapping[str, Any]) -> list[Any]:
    """Values that a parameter takes; of a few words each of them, and of those that take several all at once."""
    if "$ref" in schema:
        schema = resolved(application(name).openapi(), schema["$ref"])
    if schema["type"] == "array":
        values = samples(name, schema["items"])
        return [*values, [*values, values[0]]]
    found: list[Any] = schema.get("enum") or OF_FORMAT.get(schema.get("format", "")) or SAMPLES[schema["type"]]
    return found


@pytest.mark.parametrize("name", SERVICES)
async def test_every_list_takes_each_of_its_parameters(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    asked = [
        (operation.address, {parameter: value})
        for operation in lists(name)
        for parameter, schema in parameters(operation).items()
        if parameter != "cursor"
        for value in samples(name, schema)
    ]
    assert len(asked) > 10
    refused = []
    for path, query in asked:
        answer = await client.get(path, params=query, headers=client.as_(*Role))
        if answer.status_code != 200:
            refused.append((path, query, answer.text))
    assert refused == []


def test_every_filter_by_a_word_or_an_identifier_takes_several_values() -> None:
    document = merged()
    for operation in all_operations(document):
        asked = parameters(operation)
        for name, schema in asked.items() if "cursor" in asked else ():
            is_one = schema.get("format") == "date" or schema["type"] in {"boolean", "integer"}
            assert is_one or schema["type"] == "array" or name in TAKES_ONE, (operation.label, name)


def test_every_list_says_by_what_it_is_sorted() -> None:
    document = merged()
    found = [asked for operation in all_operations(document) if "cursor" in (asked := parameters(operation))]
    assert len(found) > 20
    for asked in found:
        assert asked["sort"]["default"] in asked["sort"]["enum"]


# Whose names are not kept where the list is: a front end asks `GET /children?person_id=…` once for the whole page.
UNNAMED = {"list_audit_entries", "list_child_conflicts", "list_person_merges", "list_children_voided"}


def test_every_list_about_a_child_names_the_child() -> None:
    document = merged()
    for operation in all_operations(document):
        row = row_schema(document, operation) if operation in tables(document) else {}
        shown = set(row.get("properties", ()))
        name = operation.document["operationId"]
        if "person_id" in shown and name not in UNNAMED and not operation.path.startswith("/internal/"):
            assert shown & {"person_name", "family_name"}, name


@pytest.mark.parametrize("name", SERVICES)
async def test_no_list_takes_a_parameter_that_it_does_not_know(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    headers = client.as_(*Role)
    found = lists(name)
    assert len(found) > 3
    for operation in found:
        answer = await client.get(operation.address, params={"chair": "chair-1", "cursor": "none"}, headers=headers)
        assert answer.status_code == 422, operation.path
        assert [error["field"] for error in answer.json()["errors"]] == ["chair"], operation.path
