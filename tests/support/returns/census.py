"""Children whose years a CIN census tells, as chance has them."""

from datetime import date, timedelta
from random import Random

from chassis.law.working_days import add_months, add_working_days, is_working_day
from tests.support.conferences.desk import CASE_MANAGEMENT, JSON, Desk

PRESENT_DAY = date(2020, 4, 3)
YEAR = "2019-20"
CATEGORIES = ("NEG", "PHY", "SAB", "EMO", "MUL")


def child(born_on: date | None, **more: object) -> JSON:
    """A child with all that the census wants to know of one."""
    said = {
        "given_name": "Merrin",
        "family_name": "Invented",
        "born_on": born_on and born_on.isoformat(),
        "area_id": "north",
        "sex": "F",
        "ethnicity": "WBRI",
        "disabilities": ["NONE"],
        "upn_unknown": "UN3",
    }
    return said | more


async def enquired(desk: Desk, person_id: str, number: int, on: date, **more: object) -> None:
    """An enquiry that began with its strategy discussion."""
    body = {"person_id": person_id, "started_on": on.isoformat(), "strategy_discussion_on": on.isoformat()} | more
    path = f"/v1/conferences/section-47-enquiries/E{number}-{person_id}"
    await desk.done("PUT", path, body, status=201, **CASE_MANAGEMENT)


async def held(desk: Desk, person_id: str, on: date, born_on: date | None, **outcome: object) -> None:
    """A conference about one child."""
    code = "PN0" if born_on is not None and on < add_months(born_on, 48) else "PN7"
    conference = await desk.planned(person_id, on=on)
    part = {"person_id": person_id, **outcome}
    answer = await desk.hold(conference, children=[part | ({"participation": code} if born_on else {})])
    assert answer.status_code == 200, answer.text


def working_day(day: date) -> date:
    """The day, or the next working day."""
    return day if is_working_day(day) else add_working_days(day, 1)


async def lived(desk: Desk, random: Random, number: int) -> None:
    """A child's years with enquiries, conferences and plans, as chance has them and the software accepts them."""
    person_id = f"C{number:04}"
    born_on = None if random.random() < 0.1 else date(2007, 1, 1) + timedelta(days=random.randrange(3000))
    expected = {"expected_on": "2020-05-01"} if born_on is None else {}
    await desk.told(person_id, child(born_on, **expected))
    day = date(2018, 1, 1) + timedelta(days=random.randrange(500))
    for enquiry in range(random.randint(1, 3)):
        day = working_day(day + timedelta(days=random.randint(20, 200)))
        if day > date(2020, 3, 1):
            return
        if random.random() < 0.3:
            await enquired(desk, person_id, enquiry, day, conference_not_required=True)
            continue
        await enquired(desk, person_id, enquiry, day)
        day = add_working_days(day, random.randint(3, 18))
        made = random.random() < 0.7
        outcome = {"outcome": "plan_made", "category": random.choice(CATEGORIES)} if made else {"outcome": "not_made"}
        await held(desk, person_id, day, born_on, **outcome)
        months = 3
        while made:
            day = add_months(day, months) - timedelta(days=random.randint(0, 20))
            if day > PRESENT_DAY:
                return
            made, months = random.random() < 0.6, 6
            category = random.choice([None, *CATEGORIES])
            goes_on = {"outcome": "continues", "category": category} if made else {"outcome": "ended"}
            await held(desk, person_id, day, born_on, **goes_on)
