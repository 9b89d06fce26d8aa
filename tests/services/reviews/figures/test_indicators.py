"""The indicators of reviews: months, halves, years, areas and kinds all add up, and small numbers stay unknown."""

from chassis.access.callers import Role
from services.reports.indicators.asking import Answer, Question
from services.reports.indicators.definitions import SOURCES, Owner
from tests.support.reports.adding_up import check_that_all_adds_up
from tests.support.reviews.invented import YEARS, keep
from tests.support.reviews.office import Office


async def test_everything_that_reports_show_of_reviews_adds_up(office: Office) -> None:
    await keep(office)

    async def ask(question: Question) -> Answer:
        path = SOURCES[question.table].path
        answer = await office.ask("GET", path, role=Role.SERVICE, params=question.parameters())
        assert answer.status_code == 200, answer.text
        return Answer.model_validate(answer.json())

    await check_that_all_adds_up(ask, Owner.REVIEWS, *YEARS)
