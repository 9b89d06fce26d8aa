"""Raising formal escalations, one or several at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from chassis.base.problems import Unavailable, refuse
from chassis.command import Command
from chassis.db.numbering import references_of
from chassis.events.directory_replica import NamedEntry, wrong_names
from chassis.law.violations import Violation, future_violation
from services.escalations import rules
from services.escalations.escalations.models import Escalation
from services.escalations.escalations.moving import escalation_out, write_history
from services.escalations.escalations.schemas import EscalationIn, EscalationOut
from services.escalations.events import EscalationRaised
from services.escalations.rules import AGENCY, AREA, COLLEAGUE, Move
from services.escalations.settings import settings_of

PREFIX = "ESC"
NUMBER_KEY = "escalation_reference_key"
COPIED = tuple(
    name
    for name in EscalationIn.model_fields
    if name in Escalation.model_fields and name not in {"raised_on", "owner_id"}
)


@dataclass(frozen=True)
class Origin:
    """What an escalation was raised from: a positive challenge, or a proposal of a conference."""

    challenge_reference: str | None = None
    proposal_id: UUID | None = None


UNPROMPTED = Origin()


async def raise_escalations(
    command: Command, wanted: Sequence[EscalationIn], *, place: str = "", origins: Sequence[Origin] = ()
) -> list[EscalationOut]:
    """Raise all of these escalations, or none; `place` is where they are in the request, for the fields of errors.

    `origins` says what each was raised from; empty if from none of these.
    """
    await _check(command, wanted, place)
    days = [escalation_in.raised_on or command.today for escalation_in in wanted]
    numbers = await references_of(command.process.database.statements, PREFIX, [day.year for day in days])
    raised = [
        _escalation(command, escalation_in, day, next(numbers[day.year]), origin)
        for escalation_in, day, origin in zip(wanted, days, origins or [UNPROMPTED] * len(wanted), strict=True)
    ]
    command.session.add_all(raised)
    try:
        await command.session.flush()
    except IntegrityError as error:
        if NUMBER_KEY not in str(error):
            raise
        # An import brought the number just as it was given here; the next one is above all imported ones.
        raise Unavailable("A reference was taken at the same time. Try again.", headers={"Retry-After": "1"}) from None
    for escalation_in, escalation in zip(wanted, raised, strict=True):
        write_history(command, escalation, Move.RAISE, escalation_in.note)
        command.publish(EscalationRaised.model_validate(escalation, from_attributes=True))
    people = [person for escalation in raised for person in escalation.person_ids]
    await command.audit("raise_escalation", people, ", ".join(escalation.reference for escalation in raised))
    return [escalation_out(command, escalation) for escalation in raised]


async def _check(command: Command, wanted: Sequence[EscalationIn], place: str) -> None:
    errors: list[Violation | None] = []
    named: list[NamedEntry] = []
    for number, escalation_in in enumerate(wanted):
        at = f"{place}.{number}." if place else ""
        errors.append(future_violation(f"{at}raised_on", escalation_in.raised_on, command.today))
        errors.append(future_violation(f"{at}meeting_on", escalation_in.meeting_on, command.today))
        named += names(command, escalation_in, at)
    errors += await wrong_names(command, named)
    refuse(errors)


def names(command: Command, wanted: EscalationIn, at: str = "") -> list[NamedEntry]:
    """The entries of the directory that an escalation names; `at` comes before its fields in the request."""
    return [
        NamedEntry(f"{at}owner_id", COLLEAGUE, wanted.owner_id or command.caller.subject),
        NamedEntry(f"{at}agency_id", AGENCY, wanted.agency_id, wanted.agency_role, f"{at}agency_role"),
        NamedEntry(f"{at}area_id", AREA, wanted.area_id),
    ]


def _escalation(command: Command, wanted: EscalationIn, day: date, reference: str, origin: Origin) -> Escalation:
    whole = rules.due_on(wanted.kind, day)
    return Escalation(
        reference=reference,
        state=rules.State.OPEN,
        raised_on=day,
        raised_by=command.caller.subject,
        owner_id=wanted.owner_id or command.caller.subject,
        stage_due_on=rules.stage_due_on(wanted.kind, settings_of(command.process).stages(wanted.kind), 1, day, whole),
        due_on=whole,
        **{name: getattr(wanted, name) for name in COPIED},
        **asdict(origin),
    )
