"""The managers' report and the chairs' reminders count the same escalations."""

from datetime import timedelta

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from chassis.process import Process
from services.notifications.clients.escalations import Escalations
from services.notifications.emails import weekly
from tests.support.journeys.loop import whole_loop
from tests.support.running import Running


async def test_the_report_is_the_sum_of_the_reminders(running: Running) -> None:
    async with whole_loop(running) as loop:
        process: Process = loop.notifications.process
        days = [clock.today() - timedelta(days=away) for away in (1, 3, 40, 200)]
        for day in days:
            for owner in ("chair-1", "chair-2"):
                await loop.raise_one(day, owner_id=owner)
        manager = loop.escalations.as_(Role.TEAM_MANAGER)
        for reference, choice in zip(loop.raised, ("dealt_with", "not_our_staff", "records_differ"), strict=False):
            body = {"references": [reference], "choice": choice}
            answer = await loop.escalations.post("/v1/answers", json=body, headers=manager)
            assert answer.status_code == 201, answer.text
        week = period_of(PeriodKind.WEEK, clock.today()).label
        reminders = await weekly.compose_reminder(process, week, clock.now())
        report = (await weekly.compose_report(process, week, clock.now()))[0].context
        assert report["total"] == len(loop.raised) == sum(draft.context["open"] for draft in reminders)
        grouped = [group for draft in reminders for group in draft.context["groups"]]
        assert report["total"] == sum(group["count"] for group in grouped)
        assert report["total_before"] == sum(draft.context["open_before"] for draft in reminders) == 4
        assert report["total"] == sum(row["open"] for row in report["by_owner"])
        assert len(await Escalations(process).open(clock.today() - timedelta(days=100))) == 2
