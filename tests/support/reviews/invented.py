"""An invented history of two years: children of every kind, and their reviews, with due dates counted by hand."""

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

from chassis.access.callers import Role
from chassis.law.working_days import add_months, add_working_days
from tests.support.reviews.known import care_of
from tests.support.reviews.office import Office

YEARS = ("2018-19", "2019-20")
FIRST, LAST = date(2018, 4, 1), date(2020, 3, 31)
CHANCE = random.Random(1918)
Part = dict[str, Any]


def age(born_on: date, day: date) -> int:
    """Age in whole years, counted birthday by birthday."""
    years = 0
    while add_months(born_on, 12 * (years + 1)) <= day:
        years += 1
    return years


def invented_child(number: int) -> Part:
    """A child who is looked after from some day on, in one of the ways that reviews tell apart."""
    status, placement = CHANCE.choice([("C2", "U4"), ("C2", "K1"), ("V2", "U4"), ("J1", "R5"), ("V4", "U4")])
    since = FIRST + timedelta(days=CHANCE.randint(-60, 500))
    return {
        "person_id": f"P{number:03}",
        "given_name": "Merrin",
        "family_name": "Planted",
        "born_on": since - timedelta(days=CHANCE.randint(30, 17 * 365 - 800)),
        "area_id": CHANCE.choice(["north", "south"]),
        "team": CHANCE.choice(["Team 1", "Team 2", None]),
        "manager_id": "swm-1",
        "period_starts_on": since,
        "period_ends_on": CHANCE.choice([None, None, since + timedelta(days=CHANCE.randint(30, 500))]),
        "episode_starts_on": since,
        "legal_status": status,
        "placement": placement,
    }


def due_days(of: Part, sequence: str | None, held: list[date]) -> tuple[str, date]:
    """Which review comes next, and its last day, by the law."""
    if sequence == "secure":
        first, kinds = add_months(of["period_starts_on"], 1), ("secure_first", "secure_later", "secure_later")
        months = (3, 3)
    elif of["legal_status"] == "V4":
        kinds = ("short_break_first", "short_break_later", "short_break_later")
        first, months = add_months(of["period_starts_on"], 3), (6, 6)
    else:
        first, kinds, months = add_working_days(of["period_starts_on"], 20), ("first", "second", "later"), (3, 6)
    number = min(len(held), 2)
    return kinds[number], first if not held else add_months(held[-1], months[number - 1])


def how_it_went(of: Part, day: date) -> Part:
    """How a review went for a child of that age."""
    attended = CHANCE.choice([True, False, None])
    codes = {True: ("PN1", "PN2", "PN3", "PN4"), False: ("PN5", "PN6", "PN7"), None: ("PN1", "PN7")}[attended]
    decided, done = day + timedelta(days=CHANCE.randint(0, 12)), day + timedelta(days=CHANCE.randint(5, 35))
    distributed_on = done + timedelta(days=CHANCE.randint(0, 9))
    manager = CHANCE.choice(["agreed", "objected", "silent", None])
    is_done, is_told = CHANCE.random() < 0.8, CHANCE.random() < 0.7
    return {
        "participation": "PN0" if age(of["born_on"], day) < 4 else CHANCE.choice(codes),
        "attended": attended,
        "seen_alone": CHANCE.choice([True, False, None]),
        "consultation_sent_on": CHANCE.choice([day - timedelta(days=10), None]),
        "consultation_returned_on": CHANCE.choice([day - timedelta(days=3), None]),
        "decisions_on": decided if manager else None,
        "manager": manager,
        "record_on": done if is_done else None,
        "distributed_on": distributed_on if is_done and is_told else None,
    }


def reviewed(children: list[Part], sequence: str | None, meeting: str) -> list[Part]:
    """The reviews of children who are always reviewed together, one after the other."""
    found: list[Part] = []
    held: list[date] = []
    while True:
        kind, due_on = due_days(children[0], sequence, held)
        day = due_on + timedelta(days=CHANCE.choice([-9, -3, -1, 0, 0, 1, 12]))
        if day > (children[0]["period_ends_on"] or LAST + timedelta(days=40)):
            return found
        chair = CHANCE.choice(["chair-1", "chair-2", "chair-3"])
        for child in children:
            shared = {"meeting": f"{meeting}-{len(held)}", "held_on": day, "chair_id": chair, "sequence": sequence}
            found.append(shared | {"child": child, "kind": kind, "due_on": due_on} | how_it_went(child, day))
        held.append(day)


def invented() -> tuple[list[Part], list[Part]]:
    """Children, and each of their reviews; every third child has a sibling of the same history."""
    children, parts = [], []
    for number in range(36):
        child = invented_child(number)
        together = [child] + ([child | {"person_id": f"S{number:03}"}] if number % 3 == 0 else [])
        children += together
        parts += reviewed(together, None, f"M{number}")
        if child["placement"] == "K1":
            parts += reviewed(together[:1], "secure", f"K{number}")
    return children, sorted(parts, key=lambda part: (part["held_on"], part["meeting"]))


CHILDREN, PARTS = invented()


def written(rows: list[Part], left_out: set[str]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    names = [name for name in rows[0] if name not in left_out]
    writer = csv.DictWriter(text, names, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        said = {name: "" if row[name] is None else row[name] for name in names}
        writer.writerow(
            {name: str(value).lower() if isinstance(value, bool) else value for name, value in said.items()}
        )
    return text.getvalue()


async def keep(office: Office) -> None:
    """Take in the whole history, as a council does on day one."""
    reviews = [part | {"person_id": part["child"]["person_id"]} for part in PARTS]
    for what, text in (
        ("care", written(await care_of(office, CHILDREN), set())),
        ("reviews", written(reviews, {"child", "kind", "due_on"})),
    ):
        headers = office.client.as_(Role.ADMINISTRATOR, subject="admin") | {"Content-Type": "text/csv"}
        answer = await office.client.post(f"/v1/{what}/import", content=text, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["problems"] == []
