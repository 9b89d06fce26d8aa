"""The operations of a document that answer a table: a list, a page of one, or figures."""

from typing import Any

from deploy.merged_document import Document
from tests.support.contracts.services import Operation, all_operations, resolved


def answered(operation: Operation) -> dict[str, Any]:
    """What an operation answers when all is well, by media type."""
    content: dict[str, Any] = operation.document["responses"].get("200", {}).get("content", {})
    return content


def tables(document: Document) -> list[Operation]:
    """Every operation that answers rows."""
    return [
        operation
        for operation in all_operations(document)
        if operation.method == "GET" and row_schema(document, operation)
    ]


def row_schema(document: Document, operation: Operation) -> Any:
    """The schema of the rows that an operation answers, if it answers any."""
    schema = answered(operation).get("application/json", {}).get("schema", {})
    schema = resolved(document, schema["$ref"]) if "$ref" in schema else schema
    properties = schema.get("properties", {})
    rows = schema if schema.get("type") == "array" else properties.get("items") or properties.get("rows") or {}
    reference = rows.get("items", {}).get("$ref")
    return resolved(document, reference) if reference else None


def rows_answered(found: Any) -> list[dict[str, Any]]:
    """The rows of an answer in JSON."""
    rows: list[dict[str, Any]] = found if isinstance(found, list) else found.get("items", found.get("rows"))
    return rows


def required(operation: Operation) -> dict[str, str]:
    """The parameters of the query that an operation cannot do without."""
    plausible = {"period": "2019-20", "event_on": "2019-04-01", "due_on": "2019-04-01"}
    plausible |= {"due_from": "2019-04-01", "due_to": "2019-04-30"}
    wanted = {taken["name"] for taken in operation.document.get("parameters", ()) if taken["required"]}
    if operation.path == "/v1/figures/conferences/plans":
        wanted.add("period")  # Or a single day in its place.
    return {name: value for name, value in plausible.items() if name in wanted}
