"""Raising formal escalations, one or many at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from chassis.acting import Acting
from chassis.problems import FieldError, Invalid
from services.escalations import rules
from services.escalations.actions.directory import AGENCY, AREA, COLLEAGUE, Named, wrong_names
from services.escalations.actions.numbering import references
from services.escalations.actions.steps import settings_of
from services.escalations.events import EscalationRaised
from services.escalations.rules import Move
from services.escalations.schemas import EscalationIn
from services.escalations.tables import Escalation, EscalationMove

PREFIX = "ESC"


async def raise_escalations(
    act: Acting, wanted: Sequence[EscalationIn], *, place: str = "", challenge_reference: str | None = None
) -> list[Escalation]:
    """Raise escalations, all or none; `place` is where they stand in the request, for the errors' fields."""
    await _check(act, wanted, place)
    days = [one.raised_on or act.today for one in wanted]
    numbers = {
        year: iter(await references(act.work.database.statements, PREFIX, year, count))
        for year, count in Counter(day.year for day in days).items()
    }
    raised = [
        _new(act, one, day, next(numbers[day.year]), challenge_reference) for one, day in zip(wanted, days, strict=True)
    ]
    act.session.add_all(raised)
    for one, escalation in zip(wanted, raised, strict=True):
        act.session.add(_first_move(act, escalation, one.note))
        act.tell(_told(escalation))
    people = {person for escalation in raised for person in escalation.person_ids}
    await act.audit("raise_escalation", sorted(people), ", ".join(one.reference for one in raised))
    return raised


async def _check(act: Acting, wanted: Sequence[EscalationIn], place: str) -> None:
    errors: list[FieldError] = []
    named = []
    for number, one in enumerate(wanted):
        at = f"{place}.{number}." if place else ""
        errors += future(f"{at}raised_on", one.raised_on, act.today)
        errors += future(f"{at}meeting_on", one.meeting_on, act.today)
        named += [
            Named(f"{at}owner_id", COLLEAGUE, one.owner_id or act.caller.subject),
            Named(f"{at}agency_id", AGENCY, one.agency_id, one.agency_role),
            Named(f"{at}area_id", AREA, one.area_id),
        ]
    errors += await wrong_names(act.session, named, act.today)
    if errors:
        raise Invalid.of(errors)


def future(field: str, day: date | None, today: date) -> list[FieldError]:
    """What is wrong with a day on which something is said to have happened."""
    if day is None or day <= today:
        return []
    return [FieldError(field=field, rule="not_in_the_future", message="This day has not come yet.")]


def _new(act: Acting, one: EscalationIn, day: date, reference: str, challenge: str | None) -> Escalation:
    whole = rules.due_on(one.kind, day)
    return Escalation(
        reference=reference,
        kind=one.kind,
        state=rules.State.OPEN,
        theme=one.theme,
        reason=one.reason,
        person_ids=one.person_ids,
        meeting_reference=one.meeting_reference,
        meeting_on=one.meeting_on,
        raised_on=day,
        raised_by=act.caller.subject,
        owner_id=one.owner_id or act.caller.subject,
        agency_id=one.agency_id,
        agency_role=one.agency_role,
        professional_name=one.professional_name,
        professional_team=one.professional_team,
        area_id=one.area_id,
        stage_due_on=rules.stage_due_on(one.kind, settings_of(act).stages(one.kind), 1, day, whole),
        due_on=whole,
        challenge_reference=challenge,
    )


def _first_move(act: Acting, escalation: Escalation, note: str | None) -> EscalationMove:
    return EscalationMove(
        escalation_id=escalation.id,
        at=act.now,
        actor=act.caller.subject,
        owner_id=escalation.owner_id,
        move=Move.RAISE,
        state=escalation.state,
        stage=escalation.stage,
        note=note,
    )


def _told(escalation: Escalation) -> EscalationRaised:
    return EscalationRaised(
        reference=escalation.reference,
        kind=escalation.kind,
        owner_id=escalation.owner_id,
        agency_id=escalation.agency_id,
        area_id=escalation.area_id,
        raised_on=escalation.raised_on,
        due_on=escalation.due_on,
        version=escalation.version,
    )
