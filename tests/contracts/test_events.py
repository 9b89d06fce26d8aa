"""What one service hears is what another one says, and no event says who anybody is."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import pytest
from pydantic import BaseModel

from chassis.base.settings import Subscriber
from chassis.events.event import Event
from chassis.events.inbox import Subscription
from deploy.services import SERVICES, service_named
from services.notifications.webhooks.event_types import EventType
from tests.support.contracts.reading import unread

PROJECT = Path(__file__).parents[2]
# Texts that are identifiers or words of a fixed list; a field that is not here has to be argued for.
IDENTIFIERS = frozenset(
    {
        "id", "reference", "references", "earlier_owner_id", "owner_id", "agency_id", "agency_role", "area_id",
        "colleague_id", "author_id", "reviewer_id", "recipient_id", "meeting_reference", "roles", "kind", "move", "state",
        "choice", "theme", "period",
        # A child's number in case management.
        "person_id", "person_ids", "merged_into", "from_person_id", "into_person_id", "merged_by", "undone_by",
        "chair_id", "earlier_chair_id", "to", "handed_over_by", "manager_id", "review_reference",
        # Which one of its kind a deadline is: a kind of review, or of prompt.
        "subject",
        # How people meet, why a plan ended, the category of abuse, and whom a concern goes to: words of fixed lists.
        "mode", "end_reason", "category", "concern_to", "concern_to_id", "conference_reference",
        # Which field of a proposal the directory refused, and by which of its rules.
        "field", "rule",
    }
)  # fmt: skip
# Whatever else is free of words.
PLAIN = (UUID, date, datetime, time, int, float, bool)

# Reviews and conferences both tell of children whom an imported return named.
PUBLISHED = [*dict.fromkeys(event for name in SERVICES for event in service_named(name).publishes)]
RECEIVED = [(name, subscription) for name in SERVICES for subscription in service_named(name).listens]

each_received = pytest.mark.parametrize(
    ("name", "subscription"), RECEIVED, ids=[subscription.event.type for _, subscription in RECEIVED]
)
each_published = pytest.mark.parametrize("event", PUBLISHED, ids=[event.type for event in PUBLISHED])


def published(source: str, kind: str) -> type[Event]:
    """The event as its source declares it."""
    return next(event for event in service_named(source).publishes if event.type == kind)


@each_received
def test_what_is_heard_is_said(name: str, subscription: Subscription) -> None:
    """By another service, with every field that is read, of a type that fits."""
    event = subscription.event
    assert event.source in set(SERVICES) - {name}
    said = published(event.source, event.type).model_json_schema(mode="serialization")
    read = event.model_json_schema(mode="validation")
    assert list(unread(said, read)) == []


def test_a_reader_who_misses_a_field_is_found() -> None:
    """The comparison itself sees what it is for."""
    said = {"properties": {"at": {"type": "string"}}, "required": ["at"]}
    read = {"properties": {"at": {"type": "string", "format": "date"}, "by": {"type": "string"}}, "required": ["by"]}
    assert len(list(unread(said, read))) == 3


@each_published
def test_an_event_holds_no_word_that_somebody_wrote(event: type[Event]) -> None:
    """No name, address or note: identifiers, days, numbers, and words of a fixed list."""
    for field, annotation in _fields(event):
        for kind in _plain_kinds(annotation):
            if kind is str:
                assert field in IDENTIFIERS, f"{event.type}: {field} could hold free text"
            else:
                assert issubclass(kind, (*PLAIN, Enum)), f"{event.type}: {field} is a {kind}"


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """The fields of an event, and those of the records in it."""
    for field, described in model.model_fields.items():
        records = [kind for kind in _plain_kinds(described.annotation) if issubclass(kind, BaseModel)]
        yield from [(field, described.annotation)] if not records else ()
        for record in records:
            yield from _fields(record)


def _plain_kinds(annotation: Any) -> Iterator[Any]:
    """The classes that an annotation is made of."""
    origin = get_origin(annotation)
    if origin in {Union, UnionType, list}:
        for inner in get_args(annotation):
            yield from _plain_kinds(inner)
    elif annotation is not NoneType:
        yield annotation if origin is None else origin


@each_published
def test_an_event_is_about_one_of_its_own_fields(event: type[Event]) -> None:
    assert event.about in event.model_fields
    assert event.__doc__
    assert event.type == event.type.lower()
    assert event.model_config["extra"] == "forbid"


def test_no_two_events_have_the_same_name() -> None:
    assert len({event.type for event in PUBLISHED}) == len(PUBLISHED)


def test_every_event_that_a_module_describes_is_published() -> None:
    """An event that was forgotten in the list would be refused to whoever registers for it."""
    homes = (
        "services.",
        "chassis.access.visibility",
        "chassis.children.events",
        "chassis.meetings.codes",
        "chassis.papers.distribution",
    )
    described = {event for event in below(Event) if event.__module__.startswith(homes) and "type" in vars(event)}
    assert described == set(PUBLISHED)


def test_outsiders_may_receive_every_event() -> None:
    """Whoever adds one decides in the open that it is public."""
    assert sorted(EventType) == sorted(event.type for event in PUBLISHED)


def test_the_integration_guide_names_every_event() -> None:
    """And none that there is not."""
    lines = (PROJECT / "docs/integration.md").read_text().splitlines()
    table = lines[lines.index("| event | tells |") :]
    named = [name for line in table for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(event.type for event in PUBLISHED)


def below(event: type[Event]) -> Iterator[type[Event]]:
    """Every kind of this event; what only gathers fields for others has no type."""
    for kind in event.__subclasses__():
        yield kind
        yield from below(kind)


def test_the_local_system_connects_whoever_listens() -> None:
    """Each service's configuration names those that listen to it, with an address and a secret that fit."""
    from deploy.keys import Keys

    addresses = {name: f"http://127.0.0.1:{port}" for port, name in enumerate(SERVICES, 8001)}
    made = Keys.fresh()
    environments = {name: made.environment(name, addresses) for name in SERVICES}
    for listener, subscription in RECEIVED:
        source = subscription.event.source
        settings = _read(source, environments[source])
        (listed,) = [subscriber for subscriber in settings.webhook_subscribers if subscriber.name == listener]
        assert isinstance(listed, Subscriber)
        assert listed.url == f"{addresses[listener]}/webhooks/events"
        trusted = _read(listener, environments[listener]).webhook_publishers[source]
        assert {secret.get_secret_value() for secret in listed.secrets} & {
            secret.get_secret_value() for secret in trusted
        }


def _read(name: str, environment: Mapping[str, str]) -> Any:
    """Settings as the environment gives them, without touching our own."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in environment.items():
            patch.setenv(variable, value)
        return service_named(name).settings(service_name=name)
