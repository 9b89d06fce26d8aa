"""Emails sent on a schedule: their last and next runs, previews, and running them now."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path

from chassis.access import audit
from chassis.access.callers import Caller, may
from chassis.base.clock import Now, Today
from chassis.base.problems import Conflict, Invalid, NotFound, Unavailable, responses
from chassis.jobs import schedule
from chassis.process import ProcessDep
from chassis.web.idempotency import WITHOUT_KEY
from chassis.web.routes import Routes
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.emails import ANSWER_LINK, HIDDEN
from services.notifications.messages.queueing import Draft
from services.notifications.roles import MANAGERS
from services.notifications.schedules.schemas import PeriodIn, PreviewOut, ScheduleOut, ScheduleRunOut
from services.notifications.schedules.timetable import SENDINGS, Sending, due_of, first_day_to_run

routes = Routes(prefix="/v1/messages/schedules", tags=["emails"])

Manager = Annotated[Caller, may(*MANAGERS)]
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,60}$", description="The schedule's name.")]


class RunUnderWay(Conflict):
    """This period is being sent now."""


class NotOverYet(Conflict):
    """This period is not over, so the emails would be incomplete. It can be run from `runs_from`."""


def _named(name: str) -> Sending:
    if name not in SENDINGS:
        raise NotFound(f"The schedules are {', '.join(SENDINGS)}.")
    return SENDINGS[name]


def _due(sending: Sending, period: str, process: Any) -> schedule.Due:
    try:
        return due_of(sending.job(), process.settings, period)
    except LookupError:
        raise Invalid.field("period", "period", "The schedule has no such period.") from None


@routes.get("")
async def list_schedules(caller: Manager, process: ProcessDep, now: Now) -> list[ScheduleOut]:
    """List the schedules with their last run, their next run and the periods that are due."""
    found = []
    async with process.database.reading() as session:
        for sending in SENDINGS.values():
            job = sending.job()
            last = await schedule.last_run(session, job)
            coming = schedule.next_due(job, process.settings, now)
            waiting = await schedule.owed(session, job, process.settings, now)
            found.append(
                ScheduleOut(
                    name=job.name,
                    description=job.description,
                    last_run=ScheduleRunOut.model_validate(last, from_attributes=True) if last else None,
                    next_period=coming.period if coming else None,
                    next_due_at=coming.at if coming else None,
                    owed=[due.period for due in waiting],
                )
            )
    return found


@routes.post("/{name}/preview", dependencies=[WITHOUT_KEY], responses=responses(NotFound, Invalid, Unavailable))
async def preview_schedule(
    name: Name, wanted: PeriodIn, caller: Manager, process: ProcessDep, now: Now, today: Today
) -> list[PreviewOut]:
    """Preview every message for a period as if it were run now. Nothing is sent, and no link is created.

    Recipients who already had theirs are shown with the time, and would not get it again. If the period is not over,
    `runs_from` is the first day on which it can be run; until then the messages may still change.
    """
    sending = _named(name)
    runs_from = first_day_to_run(_due(sending, wanted.period, process))
    not_before = runs_from if today < runs_from else None
    try:
        drafts = await sending.compose(process, wanted.period, now)
    except ServiceOutOfReach:
        raise Unavailable("Another service cannot be reached.") from None
    async with process.database.reading() as session:
        served = {
            occasion: await schedule.claims(session, name, occasion)
            for occasion in {draft.served_for(wanted.period) for draft in drafts}
        }
    return [
        _preview(process, draft, served[draft.served_for(wanted.period)].get(draft.recipient.id), not_before)
        for draft in drafts
    ]


def _preview(process: ProcessDep, draft: Draft, served_at: datetime | None, runs_from: date | None) -> PreviewOut:
    words = draft.words(process)
    return PreviewOut(
        recipient_id=draft.recipient.id,
        address=draft.recipient.email,
        template=draft.template,
        subject=words.subject,
        html=words.html.replace(ANSWER_LINK, "about:blank"),
        text=words.text.replace(ANSWER_LINK, HIDDEN),
        served_at=served_at,
        runs_from=runs_from,
    )


@routes.post(
    "/{name}/run",
    dependencies=[WITHOUT_KEY],
    responses=responses(NotFound, Invalid, RunUnderWay, NotOverYet, Unavailable),
)
async def run_schedule(
    name: Name, wanted: PeriodIn, caller: Manager, process: ProcessDep, now: Now, today: Today
) -> ScheduleRunOut:
    """Send the emails for a period that is over. Nobody gets one twice. The audit records who ran it."""
    sending = _named(name)
    due = _due(sending, wanted.period, process)
    if today < (runs_from := first_day_to_run(due)):
        raise NotOverYet(runs_from=runs_from.isoformat())
    async with process.database.transaction() as session:
        await audit.record(session, caller, action="run_schedule", person_ids=[], record=f"{name} {wanted.period}")
    run = await schedule.run_again(process, sending.job(), due, now)
    if run is None:
        raise RunUnderWay
    if run.finished_at is None:
        raise Unavailable("The run failed and will be tried again.", headers={"Retry-After": "300"})
    return ScheduleRunOut.model_validate(run, from_attributes=True)
