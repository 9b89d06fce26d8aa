"""What else is known of the invented children: the director's decisions, chairs' visits, and feedback."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from demo.looked_after.model import LAST_DAY, SEED, Child, Meeting
from demo.looked_after.records import working_days_of
from demo.looked_after.world import everything
from demo.people import Row

VISITS_SINCE, LATELY = date(2019, 4, 1), date(2019, 10, 7)
VISITED_LATELY, VISITED_EARLIER = 0.84, 0.4
FEEDBACK = 150
FROM_WHOM = {"child": 5, "family": 4, "carer": 3, "professional": 3}
RATINGS = {"green": 70, "amber": 22, "red": 8}
CHILD_GIVES_FEEDBACK_FROM = 6
COMMENTS = {
    "green": ("Everybody was listened to.", "The chair explained everything.", "Well prepared.", "Kept to time.", ""),
    "amber": (
        "It was too long.",
        "The report came late.",
        "Too many people were in the room.",
        "Some words were hard.",
    ),
    "red": ("I was not asked where to meet.", "Nobody told me what was decided.", "I did not feel heard."),
}


def directors_decisions() -> list[Row]:
    """The director's decisions about those of 16 and 17 years who left accommodation, in order."""
    children, _ = everything()
    decided = sorted((one.decided_on, one.person_id) for one in children if one.decided_on)
    return [{"person_id": who, "decided_on": day.isoformat(), "approved": "true"} for day, who in decided]


def visits() -> list[Row]:
    """Chairs' visits in the second year: most children had one in its second half, siblings on the same day."""
    random = Random(SEED + 5)
    children, _ = everything()
    rows = [row for child in children if _speaks_for_family(child) for row in _visits(random, child)]
    return sorted(rows, key=lambda row: (row["on"], row["person_id"]))


def _speaks_for_family(child: Child) -> bool:
    return all(child.person_id < one.person_id for one in child.siblings)


def _visits(random: Random, child: Child) -> Iterator[Row]:
    spans = ((VISITS_SINCE, LATELY - timedelta(days=1), VISITED_EARLIER), (LATELY, LAST_DAY, VISITED_LATELY))
    for first, last, share in spans:
        if random.random() >= share:
            continue
        found = working_days_of(max(first, child.chair_from, child.stays[-1].starts_on), last)
        visited = _in_care(child, random.choice(found)) if found else []
        for one, day in visited:
            alone = str(one.age_on(day) >= 4 and random.random() < 0.7).lower()
            yield {"person_id": one.person_id, "on": day.isoformat(), "seen_alone": alone}


def _in_care(child: Child, day: date) -> list[tuple[Child, date]]:
    family = [one for one in (child, *child.siblings) if any(stay.is_open_on(day) for stay in one.stays)]
    return [(one, day) for one in family]


def feedback() -> list[Row]:
    """What some people said of reviews of the second year."""
    random = Random(SEED + 6)
    _, held = everything()
    chosen = random.sample([one for one in held if one.held_on >= VISITS_SINCE], FEEDBACK)
    chosen.sort(key=lambda one: one.key)
    return [{"meeting": one.key, **said(random, by_child=_old_enough(one))} for one in chosen]


def said(random: Random, *, by_child: bool) -> Row:
    """What somebody says of a meeting; a child does where one is old enough."""
    weights = {who: weight for who, weight in FROM_WHOM.items() if who != "child" or by_child}
    who = random.choices(list(weights), weights=list(weights.values()))[0]
    rating = random.choices(list(RATINGS), weights=list(RATINGS.values()))[0]
    comments: Sequence[str] = COMMENTS[rating]
    return {"from_whom": who, "rating": rating, "comment": random.choice(comments)}


def _old_enough(meeting: Meeting) -> bool:
    return any(part.child.age_on(meeting.held_on) >= CHILD_GIVES_FEEDBACK_FROM for part in meeting.parts)
