"""Raising formal escalations, one or many at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from chassis.base.problems import FieldError, Invalid, Unavailable
from chassis.command import Command
from chassis.db.numbering import give_up, references
from chassis.events.directory_replica import NamedEntry, wrong_names
from services.escalations import rules
from services.escalations.escalations.models import Escalation, EscalationMove
from services.escalations.escalations.schemas import EscalationIn, EscalationOut
from services.escalations.escalations.steps import settings_of
from services.escalations.events import EscalationRaised
from services.escalations.rules import AGENCY, AREA, COLLEAGUE, Move

PREFIX = "ESC"
NUMBER_KEY = "escalation_reference_key"
COPIED = tuple(
    name
    for name in EscalationIn.model_fields
    if name in Escalation.model_fields and name not in {"raised_on", "owner_id"}
)


@dataclass(frozen=True)
class Origin:
    """From what an escalation was raised: a positive challenge, or a proposal of a conference."""

    challenge_reference: str | None = None
    proposal_id: UUID | None = None


UNPROMPTED = Origin()


async def raise_escalations(
    command: Command, wanted: Sequence[EscalationIn], *, place: str = "", origins: Sequence[Origin] = ()
) -> list[EscalationOut]:
    """Raise escalations, all or none; `place` is where they stand in the request, for the errors' fields.

    `origins` says from what each was raised; where it is empty, from nothing that is kept here.
    """
    await _check(command, wanted, place)
    days = [one.raised_on or command.today for one in wanted]
    numbers = {
        year: iter(await references(command.process.database.statements, PREFIX, year, count))
        for year, count in Counter(day.year for day in days).items()
    }
    raised = [
        _escalation(command, one, day, next(numbers[day.year]), origin)
        for one, day, origin in zip(wanted, days, origins or [UNPROMPTED] * len(wanted), strict=True)
    ]
    command.session.add_all(raised)
    try:
        await command.session.flush()
    except IntegrityError as error:
        if NUMBER_KEY not in str(error):
            raise
        # Another process imported a number that this one had taken ahead; the next ones are above all of those.
        for year in numbers:
            give_up(command.process.database.statements, PREFIX, year)
        raise Unavailable(
            "A number was taken at the same time: send this again.", headers={"Retry-After": "1"}
        ) from None
    for one, escalation in zip(wanted, raised, strict=True):
        command.session.add(_first_move(command, escalation, one.note))
        command.publish(EscalationRaised(**{name: getattr(escalation, name) for name in EscalationRaised.model_fields}))
    people = [person for escalation in raised for person in escalation.person_ids]
    await command.audit("raise_escalation", people, ", ".join(escalation.reference for escalation in raised))
    return [EscalationOut.model_validate(escalation) for escalation in raised]


async def _check(command: Command, wanted: Sequence[EscalationIn], place: str) -> None:
    errors: list[FieldError] = []
    named: list[NamedEntry] = []
    for number, one in enumerate(wanted):
        at = f"{place}.{number}." if place else ""
        errors += future(f"{at}raised_on", one.raised_on, command.today)
        errors += future(f"{at}meeting_on", one.meeting_on, command.today)
        named += names(command, one, at)
    errors += await wrong_names(command, named)
    if errors:
        raise Invalid.of(errors)


def names(command: Command, one: EscalationIn, at: str = "") -> list[NamedEntry]:
    """What of the directory an escalation names; `at` is what comes before its fields in the request."""
    return [
        NamedEntry(f"{at}owner_id", COLLEAGUE, one.owner_id or command.caller.subject),
        NamedEntry(f"{at}agency_id", AGENCY, one.agency_id, one.agency_role, f"{at}agency_role"),
        NamedEntry(f"{at}area_id", AREA, one.area_id),
    ]


def future(field: str, day: date | None, today: date) -> list[FieldError]:
    """What is wrong with a day on which something is said to have happened."""
    if day is None or day <= today:
        return []
    return [FieldError(field=field, rule="not_in_the_future", message="This day has not come yet.")]


def _escalation(command: Command, one: EscalationIn, day: date, reference: str, origin: Origin) -> Escalation:
    whole = rules.due_on(one.kind, day)
    return Escalation(
        reference=reference,
        state=rules.State.OPEN,
        raised_on=day,
        raised_by=command.caller.subject,
        owner_id=one.owner_id or command.caller.subject,
        stage_due_on=rules.stage_due_on(one.kind, settings_of(command).stages(one.kind), 1, day, whole),
        due_on=whole,
        **{name: getattr(one, name) for name in COPIED},
        **asdict(origin),
    )


def _first_move(command: Command, escalation: Escalation, note: str | None) -> EscalationMove:
    return EscalationMove(
        escalation_id=escalation.id,
        at=command.now,
        actor=command.caller.subject,
        owner_id=escalation.owner_id,
        move=Move.RAISE,
        state=escalation.state,
        stage=escalation.stage,
        note=note,
    )
