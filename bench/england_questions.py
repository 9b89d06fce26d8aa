"""What people ask again and again, of reviews and of conferences: the same questions over one council and over all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench import conference_seed, review_seed
from bench.review_seed import REVIEWS_EACH
from chassis.base.settings import Settings
from chassis.db.statements import Statements
from chassis.law.periods import parse
from chassis.web.pagination import PageQuery, cursor_after
from services.conferences.calendar import queries as lists
from services.conferences.children import timeline
from services.conferences.figures import plans as plan_figures
from services.conferences.figures import queries as conference_figures
from services.conferences.meetings import queries as conference_lists
from services.conferences.plans import queries as plans
from services.reviews.children.queries import DEADLINES, OWED, TIMELINE
from services.reviews.figures import queries as figures
from services.reviews.figures.queries import Question, ReviewsBy, WhichReviews
from services.reviews.meetings.queries import CHILD_REVIEWS, DIARY, REVIEWS

TODAY = date(2020, 4, 3)
SEES: dict[str, Any] = {"viewer": "chair-1", "sees_restricted": False}
FIRST_PAGE = PageQuery(limit=50)
FAR = PageQuery(limit=50, cursor=cursor_after("2016-03-01", "ffffffff-ffff-ffff-ffff-ffffffffffff"))
DAYS: dict[str, Any] = {"first": date(2019, 11, 1), "last": date(2019, 12, 31)}
YEAR = parse("2018-19")
Asked = Callable[[Statements], Awaitable[Any]]


def of_reviews() -> dict[str, Asked]:
    """What is asked of reviews."""
    council = Question(ReviewsBy.MONTH, YEAR.first, YEAR.last, WhichReviews.LOOKED_AFTER, 4, "area-0")
    return {
        "due list of a chair": lambda at: DEADLINES.page(at, FIRST_PAGE, today=TODAY, chair_id="chair-1", **SEES),
        "due list of an area, reviews alone": lambda at: DEADLINES.page(
            at, FIRST_PAGE, today=TODAY, area_id="area-0", kind="review", **SEES
        ),
        "overdue of everybody": lambda at: DEADLINES.page(at, FIRST_PAGE, today=TODAY, is_overdue=True, **SEES),
        "a chair's diary": lambda at: DIARY.all(at, chair_id="chair-1", **DAYS, **SEES),
        "a child's timeline": lambda at: TIMELINE.all(at, person_id="P7", **SEES),
        "what is owed for a child": lambda at: OWED.all(at, person_id="P7", today=TODAY, **SEES),
        "first page of the review list": lambda at: REVIEWS.page(at, FIRST_PAGE, **SEES),
        "a page deep in the review list": lambda at: REVIEWS.page(at, FAR, **SEES),
        "a page of an area's reviews": lambda at: REVIEWS.page(at, FIRST_PAGE, area_id="area-0", **SEES),
        "a page of a child's reviews": lambda at: CHILD_REVIEWS.page(at, FIRST_PAGE, person_id="P7", **SEES),
        "a council's yearly figures": lambda at: figures.count(at, council, TODAY, None),
    }


def of_conferences() -> dict[str, Asked]:
    """What is asked of conferences."""
    by, spans = conference_figures.ConferencesBy.MONTH, (YEAR.first, YEAR.last)
    council = conference_figures.Question(by, *spans, 4, "area-0")
    population = plan_figures.PlansQuestion(plan_figures.PlansBy.MONTH, *spans, "area-0")
    waiting: dict[str, Any] = {"planned_from": TODAY, "planned_to": date(2020, 4, 17)}
    return {
        "due list of a chair": lambda at: lists.DEADLINES.page(at, FIRST_PAGE, today=TODAY, chair_id="chair-1", **SEES),
        "overdue of everybody": lambda at: lists.DEADLINES.page(at, FIRST_PAGE, today=TODAY, is_overdue=True, **SEES),
        "a chair's diary": lambda at: lists.DIARY.all(at, chair_id="chair-1", **DAYS, **SEES),
        "a child's timeline": lambda at: timeline.TIMELINE.all(at, person_id="P7", **SEES),
        "what is owed for a child": lambda at: lists.OWED.all(at, person_id="P7", today=TODAY, **SEES),
        "first page of the conference list": lambda at: conference_lists.CONFERENCES.page(at, FIRST_PAGE, **SEES),
        "a page deep in the conference list": lambda at: conference_lists.CONFERENCES.page(at, FAR, **SEES),
        "a page of an area's conferences": lambda at: conference_lists.CONFERENCES.page(
            at, FIRST_PAGE, area_id="area-0", **SEES
        ),
        "missing reports of an agency": lambda at: lists.MISSING_REPORTS.page(
            at, FIRST_PAGE, today=TODAY, agency_id="agency-0", **waiting, **SEES
        ),
        "a page of an area's plans": lambda at: plans.PLANS.page(at, FIRST_PAGE, area_id="area-0", **SEES),
        "a council's yearly figures": lambda at: conference_figures.count(at, council, TODAY, None),
        "a council's yearly figures of plans": lambda at: plan_figures.count_plans(at, population, None),
    }


@dataclass(frozen=True)
class World:
    """A service over the whole country: how its records are made, and what is asked of it."""

    service: str
    children_of_a_council: int
    meetings_each: int
    meetings: str
    seeded: Callable[[Settings, int], Awaitable[None]]
    questions: Callable[[], dict[str, Asked]]
    big: tuple[str, ...]


REVIEWS_OF_ENGLAND = World(
    "reviews",
    review_seed.CHILDREN_OF_A_COUNCIL,
    REVIEWS_EACH,
    "child-reviews",
    review_seed.seeded,
    of_reviews,
    ("review", "child_review", "deadline", "looked_after_child", "period_of_care", "contact", "allocation", "decision"),
)
CONFERENCES_OF_ENGLAND = World(
    "conferences",
    conference_seed.CHILDREN_OF_A_COUNCIL,
    conference_seed.CONFERENCES_EACH,
    "child-conferences",
    conference_seed.seeded,
    of_conferences,
    ("conference", "child_conference", "deadline", "child", "conference_request", "protection_plan", "invitation"),
)
WORLDS = (REVIEWS_OF_ENGLAND, CONFERENCES_OF_ENGLAND)
