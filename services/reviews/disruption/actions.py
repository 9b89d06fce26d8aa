"""Referrals for disruption meetings: received, then accepted with a chair, or declined with a reason."""

from datetime import date

from sqlmodel import col, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import Conflict, NotFound, refuse
from chassis.children.models import Child
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.reviews.children.cases import COLLEAGUE, locked_case
from services.reviews.disruption.models import DisruptionReferral
from services.reviews.disruption.schemas import AcceptReferralIn, DeclineReferralIn, ReferralIn
from services.reviews.rules.vocabulary import ReferralState

PREFIX = "DIS"


class ReferralDecided(Conflict):
    """This referral has already been accepted or declined."""


async def refer_for_disruption_meeting(command: Command, wanted: ReferralIn) -> DisruptionReferral:
    """Refer a child whose adoption or special guardianship broke down for a disruption meeting."""
    await locked_case(command, wanted.person_id)
    referred_on = wanted.referred_on or command.today
    refuse([future_violation("referred_on", referred_on, command.today)])
    (reference,) = await references(command.process.database.statements, PREFIX, referred_on.year)
    row = DisruptionReferral(
        reference=reference,
        person_id=wanted.person_id,
        placement=wanted.placement,
        referred_on=referred_on,
        referred_by=command.caller.subject,
        reason=wanted.reason,
        state=ReferralState.RECEIVED,
    )
    command.session.add(row)
    await command.audit("refer_for_disruption_meeting", [wanted.person_id], reference)
    return row


async def accept_referral(
    command: Command, reference: str, version: int, wanted: AcceptReferralIn
) -> DisruptionReferral:
    """Accept a referral and name the chair of the meeting, which is planned as a review of that sequence."""
    row, chair_id = await _locked(command, reference, version), wanted.chair_id
    await check_names(command, [NamedEntry("chair_id", COLLEAGUE, chair_id, "chair")])
    child = await command.session.get_one(Child, row.person_id)
    if chair_id in {child.manager_id, child.social_worker_id}:
        message = "A chair does not manage the child's case or work on it (regulation 46)."
        refuse([Violation("chair_id", "independent", message)])
    row.state, row.chair_id = ReferralState.ACCEPTED, chair_id
    return await _decided(command, row, wanted.decided_on, "accept_referral")


async def decline_referral(
    command: Command, reference: str, version: int, wanted: DeclineReferralIn
) -> DisruptionReferral:
    """Decline a referral that does not meet the criteria, with the reason."""
    row = await _locked(command, reference, version)
    row.state, row.declined_because = ReferralState.DECLINED, wanted.reason
    return await _decided(command, row, wanted.decided_on, "decline_referral")


async def _locked(command: Command, reference: str, version: int) -> DisruptionReferral:
    query = select(DisruptionReferral).where(col(DisruptionReferral.reference) == reference).with_for_update()
    row = (await command.session.exec(query)).first()
    if row is None:
        raise NotFound
    await check_may_see(command, [row.person_id])
    check_version(row, version)
    if row.state != ReferralState.RECEIVED:
        raise ReferralDecided(f"It was {row.state} on {row.decided_on}.")
    return row


async def _decided(
    command: Command, row: DisruptionReferral, decided_on: date | None, action: str
) -> DisruptionReferral:
    day = decided_on or command.today
    refuse([future_violation("decided_on", day, command.today)])
    if day < row.referred_on:
        refuse([Violation("decided_on", "after_the_referral", f"It was referred on {row.referred_on}.")])
    row.decided_on, row.decided_by = day, command.caller.subject
    row.version += 1
    await command.audit(action, [row.person_id], row.reference)
    return row
