"""What the API's document says beside the code: words, examples and headers, from the files in docs/api."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.document_events import add_webhooks
from deploy.merged_document import Document, add_labels, operations

SCHEMAS = "#/components/schemas/"
FOLDER = Path(__file__).parents[1] / "docs" / "api"
WORDS: Mapping[str, Any] = tomllib.loads((FOLDER / "words.toml").read_text())
EXAMPLES: Mapping[str, Any] = json.loads((FOLDER / "examples.json").read_text())
# What an answer of this status carries, whatever the operation.
HEADER_OF_STATUS = {"401": "WWW-Authenticate", "412": "ETag", "428": "ETag", "429": "Retry-After", "503": "Retry-After"}


def described(document: Document) -> Document:
    """The merged document with what is said beside the code, and with the events as webhooks."""
    document["info"]["description"] = (FOLDER / "introduction.md").read_text()
    document["tags"] = [{"name": name, "description": said} for name, said in WORDS["tags"].items()]
    add_webhooks(document, EXAMPLES["events"])
    add_labels(document["components"]["schemas"])
    for name, schema in document["components"]["schemas"].items():
        _describe(name, schema)
    told = [webhook["post"] for webhook in document["webhooks"].values()]
    for operation in [*told, *(operation for _, _, operation in operations(document))]:
        operation["summary"] = summary(operation["description"])
        for parameter in operation.get("parameters", ()):
            _say(parameter, WORDS["parameters"].get(parameter["name"]))
        for body in _bodies(operation):
            # A schema that only one operation has, or a file.
            if "title" in body["schema"]:
                _describe(body["schema"]["title"], body["schema"])
            elif "$ref" not in body["schema"] and "example" not in body:
                body["example"] = EXAMPLES["files"].get(operation["operationId"])
    _declare_headers(document)
    _rename(document)
    return document


def summary(description: str) -> str:
    """What an operation does in one line: its description up to the first pause."""
    return re.split(r"[.:;](?:\s|$)", " ".join(description.split()), maxsplit=1)[0]


def _describe(name: str, schema: dict[str, Any]) -> None:
    words = WORDS["properties"] | (WORDS["events"] if name.endswith("Data") else WORDS["schemas"].get(name, {}))
    _say(schema, WORDS["forms"].get(name))
    for member, value in schema.get("properties", {}).items():
        if "$ref" not in value:
            _say(value, words.get(member))
    if name in EXAMPLES["schemas"]:
        schema["examples"] = [EXAMPLES["schemas"][name]]
    elif name.endswith("Page"):
        item = schema["properties"]["items"]["items"]["$ref"].rpartition("/")[2]
        schema["examples"] = [{"items": [EXAMPLES["schemas"].get(item)], "next": None}]


def _bodies(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is sent and what is answered where nothing is wrong."""
    answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    for sent in [operation.get("requestBody", {}), *answers]:
        yield from sent.get("content", {}).values()


def _say(part: dict[str, Any], words: str | None) -> None:
    """Describe a part of the document that says nothing of itself."""
    if words:
        part.setdefault("description", words)


def _declare_headers(document: Document) -> None:
    declared = {name: {"description": said, "schema": {"type": "string"}} for name, said in WORDS["headers"].items()}
    document["components"]["headers"] = declared
    for path, _, operation in operations(document):
        for status, given in operation["responses"].items():
            answer = _resolved(document, given)
            if named := sorted(_headers(document, path, operation, status, answer)):
                answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in named}


def _headers(
    document: Document, path: str, operation: Mapping[str, Any], status: str, answer: Mapping[str, Any]
) -> Iterator[str]:
    if status in HEADER_OF_STATUS:
        yield HEADER_OF_STATUS[status]
    if status.startswith("2"):
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ())):
            yield "Idempotency-Replayed"
        body = answer.get("content", {}).get("application/json", {}).get("schema", {})
        is_read = operation is document["paths"][path].get("get") and body
        if is_read or "version" in _resolved(document, body).get("properties", {}):
            yield "ETag"
        if status == "201" and any(re.fullmatch(re.escape(path) + r"/\{\w+\}", other) for other in document["paths"]):
            yield "Location"


def _rename(document: Document) -> None:
    """Name schemas so that they say what they are beside those of all services, and times of day as local ones."""
    schemas = document["components"]["schemas"]
    names = {old: new for old, new in WORDS["names"].items() if old in schemas}
    named = {f"{SCHEMAS}{old}": f"{SCHEMAS}{new}" for old, new in names.items()}
    for old, new in names.items():
        schemas[new] = schemas.pop(old) | {"title": new}
    for part in _parts(document):
        if "$ref" in part:
            part["$ref"] = named.get(part["$ref"], part["$ref"])
        # A `time` would have a zone, and JSON Schema has no bounds for days.
        if part.get("format") == "time":
            part["format"] = "time-local"
        elif part.get("format") == "date":
            part.pop("ge", None)
            part.pop("le", None)
    document["components"]["schemas"] = dict(sorted(schemas.items()))


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a part of the document, itself included."""
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _parts(value)


def _resolved(document: Document, part: Mapping[str, Any]) -> Any:
    """What a part of the document refers to, or the part itself."""
    found: Any = document
    for step in part.get("$ref", "#").split("/")[1:]:
        found = found[step]
    return part if found is document else found
