"""Contacts with children and midpoint checks: recorded, listed, voided."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from chassis.base.fields import Day, Omittable, Several
from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.web.pagination import PageQuery, sorted_by
from chassis.web.routes import Routes
from services.reviews.endpoints import MADE, Decider, Person, Reader, Writer
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits import actions as visits
from services.reviews.visits.queries import CONTACTS, MIDPOINT_CHECKS
from services.reviews.visits.schemas import (
    ContactIn,
    ContactOut,
    ContactPage,
    MidpointCheckIn,
    MidpointCheckOut,
    MidpointCheckPage,
)

routes = Routes(prefix="/v1", tags=["reviews"])


@routes.post("/children/{person_id}/contacts", status_code=201, responses=MADE)
async def record_contact(person_id: Person, wanted: ContactIn, command: Writer) -> ContactOut:
    """Record a visit to a child or another contact. The next visit is due within 6 months."""
    row = await visits.record_contact(command, person_id, wanted)
    return ContactOut.model_validate(row)


class ContactsQuery(PageQuery):
    """The parameters of `list_contacts`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    kind: Several[ContactKind] = Field(None, description="Filter by kind.")
    made_by: Several[str] = Field(None, description="Filter by the colleague who made it.")
    happened_from: Omittable[Day] = Field(None, description="On or after this date.")
    happened_to: Omittable[Day] = Field(None, description="On or before this date.")
    sort: str = sorted_by("-happened_on", "person_id")


@routes.get("/contacts", response_model=ContactPage)
async def list_contacts(reader: Reader, query: Annotated[ContactsQuery, Query()]) -> Response:
    """List contacts with children, newest first."""
    return await reader.page(CONTACTS, query)


@routes.post(
    "/children/{person_id}/midpoint-checks",
    status_code=201,
    responses=responses(NotFound, Invalid, visits.NothingToCheck),
)
async def check_midpoint(person_id: Person, wanted: MidpointCheckIn, command: Decider) -> MidpointCheckOut:
    """Record the check halfway between two reviews. It belongs to the last review held by the day of the check."""
    row = await visits.check_midpoint(command, person_id, wanted)
    return MidpointCheckOut.model_validate(row)


class MidpointChecksQuery(PageQuery):
    """The parameters of `list_midpoint_checks`."""

    person_id: Several[str] = Field(None, description="Filter by child.")
    done_by: Several[str] = Field(None, description="Filter by the chair who did it.")
    on_track: Omittable[bool] = Field(None, description="Filter by whether the plan was on track.")
    done_from: Omittable[Day] = Field(None, description="Done on or after this date.")
    done_to: Omittable[Day] = Field(None, description="Done on or before this date.")
    sort: str = sorted_by("-done_on", "person_id")


@routes.get("/midpoint-checks", response_model=MidpointCheckPage)
async def list_midpoint_checks(reader: Reader, query: Annotated[MidpointChecksQuery, Query()]) -> Response:
    """List midpoint checks, newest first."""
    return await reader.page(MIDPOINT_CHECKS, query)


@routes.post("/contacts/{contact_id}/void", responses=responses(NotFound, Invalid))
async def void_contact(contact_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void a contact that was recorded by mistake, with the reason. The next visit is due from the one before."""
    return await visits.void_contact(command, contact_id, wanted.reason)


@routes.post("/midpoint-checks/{check_id}/void", responses=responses(NotFound, Invalid))
async def void_midpoint_check(check_id: UUID, wanted: VoidIn, command: Decider) -> VoidedOut:
    """Void a midpoint check that was not done, with the reason. It is due again."""
    return await visits.void_midpoint_check(command, check_id, wanted.reason)
