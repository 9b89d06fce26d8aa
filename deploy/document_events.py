"""The events in the API's document: OpenAPI webhooks, made from the events' own classes."""

import inspect
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from chassis.events import event as events
from chassis.events.event import SINGLE, Event
from chassis.events.standard_webhooks import HEADERS
from deploy.merged_document import Document
from deploy.services import SERVICES, service_named

ARRIVED = "Answer with any 2xx as soon as the event is safe with you."
NOT_ARRIVED = "After any other answer, or none within 15 seconds, the event is sent again: ten times over three days."
EXAMPLE_ID = UUID("018f2a3c-5b1e-7c44-9d0a-000000000051")
EXAMPLE_TIME = datetime(2019, 5, 14, 12, 5, tzinfo=UTC)


class CloudEvent(BaseModel):
    """An event in its envelope, after CloudEvents 1.0."""

    specversion: Literal["1.0"] = Field(description="The version of CloudEvents.")
    id: UUID = Field(description="The number of this event. It keeps it when it is sent again.")
    source: str = Field(description="The service that publishes it.")
    type: str = Field(description="What happened.")
    subject: str = Field(description="The identifier of what it happened to.")
    time: datetime = Field(description="When it happened, in UTC.")
    datacontenttype: Literal["application/json"] = Field(description="The form of `data`.")
    requestid: str = Field("", description="The request in which it happened; left out if it was none.")
    data: Event = Field(description="What is said about it: identifiers, days and states, never a name or free text.")


def add_webhooks(document: Document, examples: Mapping[str, Any]) -> None:
    """Add every event as a webhook, with its schema and its example."""
    listed = [(service, event, envelope(event)) for service, event in published()]
    _, schemas = models_json_schema(
        [(model, "serialization") for _, _, model in listed], ref_template="#/components/schemas/{model}"
    )
    for schema in schemas["$defs"].values():
        # What is said may grow.
        schema.pop("additionalProperties", None)
    document["components"]["schemas"] |= schemas["$defs"]
    document["webhooks"] = {
        event.type: {"post": _operation(event, model, _example(service, event, examples[event.type]))}
        for service, event, model in listed
    }


def published() -> Iterator[tuple[str, type[Event]]]:
    """Every event that an address outside can be told, with the service that publishes it."""
    for name in SERVICES:
        yield from ((name, event) for event in service_named(name).publishes)


def envelope(event: type[Event]) -> type[BaseModel]:
    """The schema of an event in its envelope, named for its type, since two services may name classes alike."""
    name = "".join(part.capitalize() for part in event.type.replace(".", "_").split("_"))
    data = create_model(f"{name}Data", __base__=event, __doc__=inspect.getdoc(event))
    kind: Any = Literal[event.type]
    return create_model(
        f"{name}Event",
        __base__=CloudEvent,
        __doc__=inspect.getdoc(event),
        type=(kind, CloudEvent.model_fields["type"]),
        data=(data, CloudEvent.model_fields["data"]),
    )


def _example(service: str, event: type[Event], data: Mapping[str, Any]) -> Any:
    said = event.model_validate(data)
    row = events.Outgoing.record(said, EXAMPLE_TIME)
    return json.loads(events.envelope(service, row | {"id": EXAMPLE_ID, "data": said.model_dump_json()}))


def _operation(event: type[Event], model: type[BaseModel], example: Any) -> dict[str, Any]:
    description = inspect.getdoc(event) or ""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {
        "operationId": event.type.replace(".", "_"),
        "description": description,
        "tags": ["events"],
        "security": [],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in HEADERS
        ],
        "requestBody": {"required": True, "content": {SINGLE: {"schema": schema, "example": example}}},
        "responses": {"2XX": {"description": ARRIVED}, "default": {"description": NOT_ARRIVED}},
    }
