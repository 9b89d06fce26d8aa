"""Recording contacts and midpoint checks, and voiding them."""

from uuid import UUID

from sqlmodel import col, func, select

from chassis.base.problems import Conflict, refuse
from chassis.command import Command
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.deadlines import DeadlineKind
from chassis.law.violations import Violation, future_violation
from chassis.meetings.corrections import VoidedOut, void
from services.reviews.children.cases import COLLEAGUE, locked_case, locked_row
from services.reviews.children.deadlines import owe_again, refresh
from services.reviews.children.models import Voided
from services.reviews.rules.vocabulary import ContactKind
from services.reviews.visits.models import Contact, MidpointCheck
from services.reviews.visits.schemas import ContactIn, MidpointCheckIn


class NothingToCheck(Conflict):
    """There is no review to check after in the period of care, or the check was already done."""


async def record_contact(command: Command, person_id: str, wanted: ContactIn) -> Contact:
    """Record a visit to a child or another contact; the next visit is due after the last."""
    case = await locked_case(command, person_id)
    made_by = wanted.made_by or command.caller.subject
    await check_names(command, [NamedEntry("made_by", COLLEAGUE, made_by)])
    refuse([future_violation("happened_on", wanted.happened_on, command.today)])
    row = Contact.model_validate(
        wanted, update={"person_id": person_id, "made_by": made_by, "recorded_at": command.now}
    )
    command.session.add(row)
    child = case.child
    if wanted.kind is ContactKind.VISIT and (child.last_visit_on is None or child.last_visit_on < wanted.happened_on):
        child.last_visit_on = wanted.happened_on
        await refresh(command.session, [case], command.today)
    await command.audit("record_contact", [person_id], person_id)
    return row


async def check_midpoint(command: Command, person_id: str, wanted: MidpointCheckIn) -> MidpointCheck:
    """Record the check halfway between two reviews; it belongs to the last that was held by its day."""
    case = await locked_case(command, person_id)
    done_on = wanted.done_on or command.today
    refuse([future_violation("done_on", done_on, command.today)])
    found = case.midpoint_by(done_on)
    if found is None and case.midpoint_by(command.today):
        refuse([Violation("done_on", "after_the_review", "No review had been held by that day.")])
    if found is None or found.reviewed_on in case.midpoints_done:
        raise NothingToCheck
    row = MidpointCheck(
        person_id=person_id,
        **found._asdict(),
        done_on=done_on,
        done_by=command.caller.subject,
        on_track=wanted.on_track,
        note=wanted.note,
    )
    command.session.add(row)
    case.midpoints_done.add(found.reviewed_on)
    await refresh(command.session, [case], command.today)
    await command.audit("check_midpoint", [person_id], person_id)
    return row


async def void_contact(command: Command, contact_id: UUID, reason: str) -> VoidedOut:
    """Void a contact; the next visit is due from the visit before."""
    row, case = await locked_row(command, Contact, contact_id)
    kept = await void(command, Voided, row, [row.person_id], reason)
    visits = select(func.max(Contact.happened_on)).where(
        col(Contact.person_id) == row.person_id, col(Contact.kind) == ContactKind.VISIT
    )
    case.child.last_visit_on = (await command.session.exec(visits)).one()
    await refresh(command.session, [case], command.today)
    return kept


async def void_midpoint_check(command: Command, check_id: UUID, reason: str) -> VoidedOut:
    """Void a midpoint check, which is due again unless the next review was held."""
    row, case = await locked_row(command, MidpointCheck, check_id)
    kept = await void(command, Voided, row, [row.person_id], reason)
    case.midpoints_done.discard(row.reviewed_on)
    await owe_again(command.session, case, command.today, DeadlineKind.MIDPOINT, DeadlineKind.MIDPOINT)
    return kept
