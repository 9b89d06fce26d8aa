"""The indicators of escalations: months, halves, years, organisations and stages all add up."""

import random

from chassis.access.callers import Role
from chassis.law.periods import parse
from services.reports.indicators.asking import Answer, Question
from services.reports.indicators.definitions import SOURCES, Owner
from tests.support.escalations.desk import Desk
from tests.support.escalations.invented import invented, keep
from tests.support.reports.adding_up import check_that_all_adds_up

YEARS = ("2018-19", "2019-20")


async def test_everything_that_reports_show_of_escalations_adds_up(desk: Desk) -> None:
    chance = random.Random(500)
    await keep(desk, [invented(chance, number, parse(YEARS[0]).first, 731) for number in range(300)])

    async def ask(question: Question) -> Answer:
        answer = await desk.get(SOURCES[question.table].path, role=Role.SERVICE, **question.parameters())
        assert answer.status_code == 200, answer.text
        return Answer.model_validate(answer.json())

    await check_that_all_adds_up(ask, Owner.ESCALATIONS, *YEARS)
