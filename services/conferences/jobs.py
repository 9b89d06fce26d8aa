"""Scheduled jobs: missed deadlines are published once, and open deadlines follow changed rules."""

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.jobs.deadline_jobs import recounting, telling
from chassis.process import Process
from services.conferences.children.cases import cases_of
from services.conferences.children.deadlines import bring_up_to_date
from services.conferences.children.models import Deadline, Protection
from services.conferences.events import DeadlineMissed
from services.conferences.rules.timescales import CHANGED_ON
from services.conferences.settings import settings_of


async def _recount(process: Process, session: AsyncSession, children: Sequence[Protection], today: date) -> None:
    await bring_up_to_date(
        session, await cases_of(session, children), settings_of(process).practice(), today, anew=True
    )


JOBS = (recounting(Protection, CHANGED_ON, _recount), telling(Deadline, DeadlineMissed))
