"""The API's document says in words what everything is, and shows an example of it that would be taken."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from deploy.described import EXAMPLES, WORDS
from deploy.document_events import published
from deploy.merged_document import operations
from tests.support.contracts import services
from tests.support.contracts.services import as_json, references, resolved

DOCUMENT = as_json(services.merged())
SCHEMAS = DOCUMENT["components"]["schemas"]
PLACE = "urn:document"
REGISTRY: Registry[Any] = Registry().with_resource(PLACE, DRAFT202012.create_resource(DOCUMENT))
WEBHOOKS = {name: webhook["post"] for name, webhook in DOCUMENT["webhooks"].items()}
OPERATIONS = [*WEBHOOKS.values(), *(operation for _, _, operation in operations(DOCUMENT))]


def _members(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that any schema of the document has, with the schema's title."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from ((f"{node.get('title')}.{name}", field) for name, field in node["properties"].items())
        for key, value in node.items():
            yield from () if key in {"example", "examples"} else _members(value)
    elif isinstance(node, list):
        for value in node:
            yield from _members(value)


def _bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body that is sent or answered, with whose it is."""
    for operation in OPERATIONS:
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for sent in [operation.get("requestBody", {}), *answers]:
            for body in sent.get("content", {}).values():
                yield operation["operationId"], body


def _example(body: dict[str, Any]) -> Any:
    """The example of a body: its own, that of its schema, or a list of one of the schema that it lists."""
    if "example" in body:
        return body["example"]
    schema = body["schema"]
    if "$ref" in schema.get("items", {}):
        return [_example({"schema": schema["items"]})]
    return (resolved(DOCUMENT, schema["$ref"]) if "$ref" in schema else schema).get("examples", [None])[0]


def _is_described(part: dict[str, Any]) -> bool:
    return bool(part.get("description") or ("$ref" in part and resolved(DOCUMENT, part["$ref"]).get("description")))


def test_every_property_is_described() -> None:
    assert [place for place, member in _members(DOCUMENT) if not _is_described(member)] == []


def test_every_schema_operation_and_parameter_is_described() -> None:
    assert [name for name, schema in SCHEMAS.items() if not schema.get("description")] == []
    for operation in OPERATIONS:
        assert operation["summary"], operation["operationId"]
        assert operation["description"], operation["operationId"]
        undescribed = [
            parameter["name"] for parameter in operation.get("parameters", ()) if not parameter.get("description")
        ]
        assert undescribed == [], operation["operationId"]


def test_every_tag_is_introduced_and_used() -> None:
    used = {tag for operation in OPERATIONS for tag in operation["tags"]}
    assert {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]} == used


def test_no_word_is_left_over() -> None:
    """What is said beside the code is said of something."""
    said = {member.get("description") for _, member in _members(DOCUMENT)}
    said |= {parameter["description"] for operation in OPERATIONS for parameter in operation.get("parameters", ())}
    lists = [WORDS["properties"], WORDS["events"], WORDS["parameters"], *WORDS["schemas"].values()]
    assert [(name, words) for listed in lists for name, words in listed.items() if words not in said] == []
    assert set(WORDS["names"].values()) <= SCHEMAS.keys()


def test_no_parameter_is_offered_null() -> None:
    parameters = [parameter for operation in OPERATIONS for parameter in operation.get("parameters", ())]
    assert [
        parameter["name"] for parameter in parameters if {"type": "null"} in parameter["schema"].get("anyOf", ())
    ] == []


def test_the_version_is_required_where_no_change_is_taken_without_it() -> None:
    required = {
        operation["operationId"]: parameter["required"]
        for operation in OPERATIONS
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "If-Match"
    }
    assert required["hold_review"]
    assert not required["put_protection"]
    assert len(required) > 40


def test_everything_that_is_sent_or_answered_has_an_example() -> None:
    assert [name for name, body in _bodies() if _example(body) is None] == []
    assert EXAMPLES["schemas"].keys() - {"Home", "Me", "Response Get Vocabulary"} <= SCHEMAS.keys()


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if "examples" in schema])
def test_an_example_is_what_its_schema_says(name: str) -> None:
    schema = {"$ref": f"{PLACE}#/components/schemas/{name}"}
    validator = Draft202012Validator(schema, registry=REGISTRY, format_checker=FormatChecker())
    for example in SCHEMAS[name]["examples"]:
        assert [error.message for error in validator.iter_errors(example)] == []


def test_every_event_is_a_webhook_with_an_example() -> None:
    assert WEBHOOKS.keys() == {event.type for _, event in published()}
    for kind, webhook in WEBHOOKS.items():
        (body,) = webhook["requestBody"]["content"].values()
        schema = {"$ref": PLACE + body["schema"]["$ref"]}
        Draft202012Validator(schema, registry=REGISTRY, format_checker=FormatChecker()).validate(body["example"])
        assert body["example"]["type"] == kind


def test_every_header_that_an_answer_refers_to_is_declared() -> None:
    named = {reference for reference in references(DOCUMENT) if reference.startswith("#/components/headers/")}
    assert {f"#/components/headers/{name}" for name in WORDS["headers"]} == named
