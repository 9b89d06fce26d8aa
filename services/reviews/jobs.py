"""The jobs of this service: a manager's silence becomes agreement, and missed deadlines are published once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.clock import london_day
from chassis.jobs.deadline_jobs import daily, recounting, telling
from chassis.jobs.schedule import Job
from chassis.process import Process
from services.reviews.children.cases import cases_with
from services.reviews.children.deadlines import refresh
from services.reviews.children.models import Deadline, LookedAfterChild
from services.reviews.decisions.silence import agree_by_silence
from services.reviews.events import DeadlineMissed
from services.reviews.rules.timescales import CHANGED_ON
from services.reviews.settings import settings_of


async def take_silence_as_agreement(process: Process, _: str, now: datetime) -> dict[str, Any]:
    """Agree on behalf of managers whose 5 working days are over (IRO Handbook 2010)."""
    return {"agreed": await agree_by_silence(process, london_day(now), now)}


async def _recount(process: Process, session: AsyncSession, children: Sequence[LookedAfterChild], today: date) -> None:
    await refresh(session, await cases_with(session, settings_of(process).practice(), children), today, anew=True)


JOBS = (
    recounting(LookedAfterChild, CHANGED_ON, _recount),
    Job(
        name="take_silence_as_agreement",
        description="Decisions that a manager did not answer within 5 working days count as agreed.",
        timetable=daily,
        horizon=timedelta(days=7),
        run=take_silence_as_agreement,
    ),
    telling(Deadline, DeadlineMissed),
)
