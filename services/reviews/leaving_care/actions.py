"""Asking for an approval to leave care, and recording what was decided."""

from uuid import UUID

from chassis.access.visibility import check_may_see
from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.reviews.chairs.actions import NotLookedAfter
from services.reviews.children.cases import locked_case
from services.reviews.children.models import LookedAfterChild
from services.reviews.leaving_care.models import LeavingCareDecision
from services.reviews.leaving_care.schemas import LeavingCareDecideIn, LeavingCareIn
from services.reviews.rules.children import approval_needed, is_within_care


class NoApprovalNeeded(Conflict):
    """No approval is needed before this child stops being looked after."""


class AlreadyDecided(Conflict):
    """This has already been decided."""


async def request_leaving_care(command: Command, person_id: str, wanted: LeavingCareIn) -> LeavingCareDecision:
    """Request the approval that the law requires before a child leaves care; the law says who gives it."""
    case = await locked_case(command, person_id)
    requested_on = wanted.requested_on or command.today
    refuse([future_violation("requested_on", requested_on, command.today)])
    care = next((care for care in reversed(case.cares()) if is_within_care([care], requested_on)), None)
    if care is None:
        raise NotLookedAfter
    approval = approval_needed(care.as_on(requested_on), case.born_on, requested_on)
    if approval is None:
        raise NoApprovalNeeded
    row = LeavingCareDecision(person_id=person_id, approval=approval, requested_on=requested_on)
    command.session.add(row)
    await command.audit("request_leaving_care", [person_id], person_id)
    return row


async def decide_leaving_care(
    command: Command, decision_id: UUID, version: int, wanted: LeavingCareDecideIn
) -> LeavingCareDecision:
    """Record what the director or the nominated officer decided."""
    row = await command.session.get(LeavingCareDecision, decision_id, with_for_update=True)
    child = None if row is None else await command.session.get(LookedAfterChild, row.person_id)
    if row is None or child is None:
        raise NotFound
    await check_may_see(command, [row.person_id])
    check_version(row, version)
    if row.decided_on is not None:
        raise AlreadyDecided
    decided_on = wanted.decided_on or command.today
    refuse([future_violation("decided_on", decided_on, command.today)])
    if decided_on < row.requested_on:
        refuse([Violation("decided_on", "after_the_request", f"It was asked for on {row.requested_on}.")])
    row.decided_on, row.approved = decided_on, wanted.approved
    row.decided_by, row.note = wanted.decided_by, wanted.note
    row.version += 1
    await command.audit("decide_leaving_care", [row.person_id], str(row.id))
    return row
