"""Contacts with children and midpoint checks: recorded, listed, voided."""

from uuid import UUID

from fastapi import APIRouter, Response

from chassis.base.problems import Invalid, NotFound, responses
from chassis.meetings.corrections import VoidedOut, VoidIn
from chassis.web.idempotency import IdempotencyKey
from services.reviews.children.queries import VOIDED, WHOLE_CHILD
from services.reviews.endpoints import CHILD, MADE, Decider, Person, Reader, Writer
from services.reviews.visits import actions as visits
from services.reviews.visits.queries import CONTACTS, MIDPOINT_CHECKS
from services.reviews.visits.schemas import ContactIn, ContactOut, MidpointCheckIn, MidpointCheckOut

routes = APIRouter(prefix="/v1", tags=["reviews"])


@routes.post(f"{CHILD}/contacts", status_code=201, response_model=ContactOut, responses=MADE)
async def record_contact(person_id: Person, wanted: ContactIn, command: Writer, key: IdempotencyKey) -> Response:
    """Record a visit to a child or another contact. The next visit is due within 6 months."""
    row = await visits.record_contact(command, person_id, wanted)
    return await key.remember(ContactOut.model_validate(row))


@routes.get(f"{CHILD}/contacts", response_model=list[ContactOut], responses=responses(NotFound))
async def list_contacts(person_id: Person, reader: Reader) -> Response:
    """List a child's contacts with chairs, oldest first."""
    return await reader.all_of(CONTACTS, WHOLE_CHILD, person_id=person_id)


@routes.post(f"{CHILD}/midpoint-checks", status_code=201, responses=responses(NotFound, Invalid, visits.NothingToCheck))
async def check_midpoint(person_id: Person, wanted: MidpointCheckIn, command: Decider) -> MidpointCheckOut:
    """Record the check halfway between a child's last review and the day the next is due."""
    row = await visits.check_midpoint(command, person_id, wanted)
    return MidpointCheckOut.model_validate(row)


@routes.get(f"{CHILD}/midpoint-checks", response_model=list[MidpointCheckOut], responses=responses(NotFound))
async def list_midpoint_checks(person_id: Person, reader: Reader) -> Response:
    """List a child's midpoint checks, oldest first."""
    return await reader.all_of(MIDPOINT_CHECKS, WHOLE_CHILD, person_id=person_id)


@routes.post(f"{CHILD}/contacts/{{contact_id}}/void", responses=responses(NotFound, Invalid))
async def void_contact(person_id: Person, contact_id: UUID, wanted: VoidIn, command: Writer) -> VoidedOut:
    """Void a contact that was recorded by mistake, with the reason. The next visit is due from the one before."""
    return await visits.void_contact(command, person_id, contact_id, wanted.reason)


@routes.post(f"{CHILD}/midpoint-checks/{{check_id}}/void", responses=responses(NotFound, Invalid))
async def void_midpoint_check(person_id: Person, check_id: UUID, wanted: VoidIn, command: Decider) -> VoidedOut:
    """Void a midpoint check that was not done, with the reason. It is due again."""
    return await visits.void_midpoint_check(command, person_id, check_id, wanted.reason)


@routes.get(f"{CHILD}/voided", response_model=list[VoidedOut], responses=responses(NotFound))
async def list_voided_of_looked_after_child(person_id: Person, reader: Reader) -> Response:
    """List what was voided about a child, by whom and why, oldest first."""
    return await reader.all_of(VOIDED, WHOLE_CHILD, person_id=person_id)
