"""Positive challenges, and notes of good practice."""

from sqlmodel import col, select

from chassis.access.visibility import check_may_see
from chassis.base.problems import Conflict, NotFound, refuse
from chassis.command import Command
from chassis.db.numbering import references
from chassis.events.directory_replica import NamedEntry, check_names
from chassis.law.violations import Violation, future_violation
from chassis.web.versions import check_version
from services.escalations.challenges.models import Challenge, GoodPractice
from services.escalations.challenges.schemas import ChallengeIn, GoodPracticeIn, OutcomeIn, RaiseFormallyIn
from services.escalations.escalations.raising import Origin, raise_escalations
from services.escalations.escalations.schemas import EscalationIn, EscalationOut
from services.escalations.events import ChallengeRaised
from services.escalations.rules import AREA, COLLEAGUE, ChallengeState, Kind

CHALLENGE, GOOD_PRACTICE = "CHA", "GOO"


class ChallengeClosed(Conflict):
    """This positive challenge is closed already."""


async def raise_challenge(command: Command, wanted: ChallengeIn) -> Challenge:
    """Record a positive challenge, the informal step."""
    day = wanted.raised_on or command.today
    refuse([future_violation("raised_on", day, command.today)])
    owner = wanted.owner_id or command.caller.subject
    named = [NamedEntry("owner_id", COLLEAGUE, owner), NamedEntry("area_id", AREA, wanted.area_id)]
    await check_names(command, named)
    (reference,) = await references(command.process.database.statements, CHALLENGE, day.year)
    challenge = Challenge(
        **wanted.model_dump(exclude={"raised_on", "owner_id"}),
        reference=reference,
        state=ChallengeState.OPEN,
        raised_on=day,
        raised_by=command.caller.subject,
        owner_id=owner,
    )
    command.session.add(challenge)
    command.publish(ChallengeRaised.model_validate(challenge, from_attributes=True))
    await command.audit("raise_challenge", wanted.person_ids, reference)
    return challenge


async def _open_challenge(command: Command, reference: str, version: int) -> Challenge:
    query = select(Challenge).where(col(Challenge.reference) == reference).with_for_update()
    challenge = (await command.session.exec(query)).first()
    if challenge is None:
        raise NotFound
    await check_may_see(command, challenge.person_ids)
    check_version(challenge, version)
    if challenge.state != ChallengeState.OPEN:
        raise ChallengeClosed(f"{reference} is {challenge.state}.")
    challenge.version += 1
    return challenge


async def resolve_challenge(command: Command, reference: str, version: int, wanted: OutcomeIn) -> Challenge:
    """Close a positive challenge with its outcome."""
    challenge = await _open_challenge(command, reference, version)
    day = wanted.closed_on or command.today
    refuse([future_violation("closed_on", day, command.today)])
    if day < challenge.raised_on:
        refuse([Violation("closed_on", "after_it_was_raised", f"It was raised on {challenge.raised_on}.")])
    challenge.state, challenge.outcome, challenge.closed_on = ChallengeState.RESOLVED, wanted.outcome, day
    await command.audit("resolve_challenge", challenge.person_ids, reference)
    return challenge


async def raise_challenge_formally(
    command: Command, reference: str, version: int, wanted: RaiseFormallyIn
) -> EscalationOut:
    """Raise a formal escalation from a positive challenge; each refers to the other."""
    challenge = await _open_challenge(command, reference, version)
    escalation_in = EscalationIn(
        kind=Kind.CARE_PLANNING,
        theme=challenge.theme,
        person_ids=challenge.person_ids,
        meeting_reference=challenge.meeting_reference,
        owner_id=challenge.owner_id,
        area_id=challenge.area_id,
        **wanted.model_dump(),
    )
    (escalation,) = await raise_escalations(command, [escalation_in], origins=[Origin(challenge_reference=reference)])
    challenge.state, challenge.closed_on = ChallengeState.RAISED_FORMALLY, command.today
    challenge.escalation_reference = escalation.reference
    await command.audit("raise_challenge_formally", challenge.person_ids, reference)
    return escalation


async def note_good_practice(command: Command, wanted: GoodPracticeIn) -> GoodPractice:
    """Record good practice."""
    day = wanted.noted_on or command.today
    days = {"noted_on": day, "fed_back_on": wanted.fed_back_on, "manager_copied_on": wanted.manager_copied_on}
    refuse(future_violation(field, value, command.today) for field, value in days.items())
    await check_names(command, [NamedEntry("area_id", AREA, wanted.area_id)])
    (reference,) = await references(command.process.database.statements, GOOD_PRACTICE, day.year)
    noted = GoodPractice(
        **wanted.model_dump(exclude={"noted_on"}), reference=reference, noted_on=day, noted_by=command.caller.subject
    )
    command.session.add(noted)
    await command.audit("note_good_practice", wanted.person_ids, reference)
    return noted
