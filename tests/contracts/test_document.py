"""The API's document is sound: whoever makes a client of it is not surprised."""

import re
from collections import Counter
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from deploy.merged_document import operations
from deploy.services import SERVICES
from gateway.problems import OF_THE_GATEWAY
from gateway.routes import OWN, find
from tests.support.contracts import services
from tests.support.contracts.services import all_operations, as_json, references, resolved

DOCUMENT = as_json(services.merged())
BY_NAME = {operation["operationId"]: (method, path, operation) for path, method, operation in operations(DOCUMENT)}


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert found
    for reference in found:
        assert resolved(DOCUMENT, reference)


def test_every_component_is_used() -> None:
    used = set(references(DOCUMENT))
    described = {f"#/components/{kind}/{name}" for kind, many in DOCUMENT["components"].items() for name in many}
    assert {name for name in described - used if "securitySchemes" not in name} == set()


def test_every_operation_has_a_name_of_its_own() -> None:
    names = Counter(operation["operationId"] for _, _, operation in operations(DOCUMENT))
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch("[a-z][a-z0-9_]*", name)] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_operation_stands_before_another_whose_path_would_fit_it(name: str) -> None:
    """Such as that of a single record before the list of those that are open."""
    routes = [route for route in iter_route_contexts(services.application(name).routes) if route.path is not None]
    hidden = [
        (earlier.path, later.path)
        for place, later in enumerate(routes)
        for earlier in routes[:place]
        if (earlier.methods or set()) & (later.methods or set())
        and earlier.path_regex is not None
        and earlier.path_regex.match(re.sub("{.*?}", "x-1", str(later.path)))
    ]
    assert len(routes) > 10
    assert hidden == []


def test_the_document_of_the_repository_is_a_sound_openapi_document() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    for method, path, operation in BY_NAME.values():
        place = f"{method} {path}"
        assert operation.get("summary") or operation.get("description"), place
        assert len(operation["tags"]) == 1, place
        named = set(re.findall(r"{(\w+)}", path))
        assert {
            parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"
        } == named, place
        assert any(status.startswith("2") for status in operation["responses"]), place


def test_every_problem_is_a_problem_document() -> None:
    for method, path, operation in BY_NAME.values():
        for status, described in operation["responses"].items():
            answer = resolved(DOCUMENT, described["$ref"]) if "$ref" in described else described
            if status.startswith(("4", "5")):
                assert list(answer["content"]) == ["application/problem+json"], f"{method} {path} {status}"
                assert answer["description"], f"{method} {path} {status}"


def test_every_operation_says_the_refusals_that_any_request_can_meet() -> None:
    at_the_door = {str(kind.status) for kind in OF_THE_GATEWAY}
    for operation in all_operations(DOCUMENT):
        assert {"400", "401", "403", "422"} <= operation.document["responses"].keys(), operation.path
        if find(operation.path).service != OWN:
            assert at_the_door <= operation.document["responses"].keys(), operation.path


def test_every_input_refuses_what_it_does_not_know() -> None:
    """A field that is misspelt must not be lost without a word."""
    for method, path, operation in BY_NAME.values():
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            schema = content["application/json"]["schema"]
            found: Any = resolved(DOCUMENT, schema["$ref"]) if "$ref" in schema else schema
            assert found.get("additionalProperties") is False, f"{method} {path}"


def test_no_parameter_of_an_address_is_offered_null() -> None:
    parameters = [parameter for _, _, operation in BY_NAME.values() for parameter in operation.get("parameters", ())]
    addressed = [parameter for parameter in parameters if parameter["in"] in {"path", "query"}]
    assert addressed
    assert [
        parameter["name"] for parameter in addressed if {"type": "null"} in parameter["schema"].get("anyOf", ())
    ] == []


def test_no_object_is_untyped() -> None:
    """What an object may hold is said: its fields, or the kind of what is in it by names that differ."""

    def untyped(node: Any, place: str) -> list[str]:
        if isinstance(node, list):
            return [found for part in node for found in untyped(part, place)]
        if not isinstance(node, dict):
            return []
        said = node.get("properties") or node.get("additionalProperties", True) is not True
        here = [place] if node.get("type") == "object" and not said else []
        parts = {name: part for name, part in node.items() if name not in {"example", "examples"}}
        return here + [found for name, part in parts.items() for found in untyped(part, f"{place}/{name}")]

    assert untyped(DOCUMENT, "") == []
