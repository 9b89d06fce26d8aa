"""Handing over everything of a chair, and keeping what each service tells of it."""

from chassis.base.problems import NotFound, refuse
from chassis.command import Command
from chassis.law.violations import Violation, future_violation
from services.notifications.directory.models import Colleague
from services.notifications.events import ChairHandedOver
from services.notifications.hand_overs.models import HandOver, HandOverAbout, HandOverPart
from services.notifications.hand_overs.schemas import HandOverIn, HandOverOut, HandOverPartOut
from services.notifications.rules import Position


async def hand_over(command: Command, chair_id: str, wanted: HandOverIn) -> HandOverOut:
    """Hand over everything of a chair: every service follows, each in its own time and once."""
    if await command.session.get(Colleague, chair_id) is None:
        raise NotFound("The directory has no such colleague.")
    starts_on = wanted.starts_on or command.today
    is_same = wanted.to == chair_id
    refuse(
        [
            Violation("to", "another_chair", "A chair hands over to another one.") if is_same else None,
            await _not_a_chair(command, wanted.to),
            future_violation("starts_on", starts_on, command.today),
        ]
    )
    row = HandOver(
        chair_id=chair_id,
        to=wanted.to,
        reason=wanted.reason,
        starts_on=starts_on,
        handed_over_by=command.caller.subject,
        handed_over_at=command.now,
    )
    command.session.add(row)
    await command.session.flush()
    parts = [HandOverPart(hand_over_id=row.id, about=about) for about in HandOverAbout]
    command.session.add_all(parts)
    command.publish(ChairHandedOver(**row.model_dump(include={*ChairHandedOver.model_fields}), hand_over_id=row.id))
    await command.audit("hand_over", [], f"{chair_id} to {wanted.to}")
    waiting = [HandOverPartOut(**part.model_dump(), children=0, records=0) for part in parts]
    return HandOverOut(**row.model_dump(), parts=waiting)


async def _not_a_chair(command: Command, colleague_id: str) -> Violation | None:
    colleague = await command.session.get(Colleague, colleague_id)
    if colleague is None or (colleague.ends_on is not None and colleague.ends_on < command.today):
        return Violation("to", "in_directory", "The directory has no such colleague.")
    if Position.CHAIR not in colleague.positions:
        return Violation("to", "colleague_role", "This colleague is no chair.")
    return None
