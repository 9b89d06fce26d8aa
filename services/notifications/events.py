"""What this service publishes: the directory, hand-overs, bounced messages, tests of endpoints; never a name."""

from datetime import date
from uuid import UUID

from chassis.events.event import Event


class ColleagueChanged(Event):
    """A colleague came, changed or left."""

    type = "directory.colleague_changed"
    about = "id"

    id: str
    roles: list[str]
    area_id: str | None
    full_time_equivalent: float | None
    starts_on: date
    ends_on: date | None
    # Links that went to the old address stop working.
    address_changed: bool
    version: int


class AgencyChanged(Event):
    """An agency, or its roles, changed."""

    type = "directory.agency_changed"
    about = "id"

    id: str
    roles: list[str]
    ends_on: date | None
    version: int


class AreaChanged(Event):
    """An area changed."""

    type = "directory.area_changed"
    about = "id"

    id: str
    ends_on: date | None
    version: int


class CoverageChanged(Event):
    """An officer covers an agency, or a role or area of it, for other days than before."""

    type = "directory.coverage_changed"
    about = "id"

    id: UUID
    colleague_id: str
    agency_id: str | None
    agency_role: str | None
    area_id: str | None
    fallback: bool
    starts_on: date
    ends_on: date | None
    version: int


class ChairHandedOver(Event):
    """A manager handed over everything of a chair to another one: each service follows, and says what it gave."""

    type = "chair.handed_over"
    about = "chair_id"

    hand_over_id: UUID
    chair_id: str
    to: str
    starts_on: date
    handed_over_by: str


class MessageBounced(Event):
    """A message bounced: somebody has to find the right address."""

    type = "message.bounced"
    about = "message_id"

    message_id: UUID
    recipient_id: str
    permanent: bool


class WebhookEndpointTested(Event):
    """An administrator tested whether events arrive."""

    type = "webhook_endpoint.tested"
    about = "endpoint_id"

    endpoint_id: UUID


PUBLISHED = (
    ColleagueChanged,
    AgencyChanged,
    AreaChanged,
    CoverageChanged,
    ChairHandedOver,
    MessageBounced,
    WebhookEndpointTested,
)
