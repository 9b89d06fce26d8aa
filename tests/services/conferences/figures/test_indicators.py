"""The indicators of conferences: months, halves, years, areas and kinds all add up, and small numbers stay unknown."""

from chassis.access.callers import Role
from services.reports.indicators.asking import Answer, Question
from services.reports.indicators.definitions import SOURCES, Owner
from tests.support.conferences.desk import Desk
from tests.support.conferences.invented import HISTORY, YEARS
from tests.support.conferences.kept import keep
from tests.support.reports.adding_up import check_that_all_adds_up


async def test_everything_that_reports_show_of_conferences_adds_up(desk: Desk) -> None:
    await keep(desk, HISTORY)

    async def ask(question: Question) -> Answer:
        path = SOURCES[question.table].path
        answer = await desk.ask("GET", path, role=Role.SERVICE, params=question.parameters())
        assert answer.status_code == 200, answer.text
        return Answer.model_validate(answer.json())

    await check_that_all_adds_up(ask, Owner.CONFERENCES, *YEARS)
