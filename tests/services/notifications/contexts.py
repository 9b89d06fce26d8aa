"""What is given to each email in each of its variants, with more than an email may say."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

from chassis.periods import parse
from chassis.work import Work
from services.notifications.clients import Deadline, Item, OpenItem
from services.notifications.jobs.quarterly import _context as quarterly_context
from services.notifications.jobs.weekly import _due as due_context
from services.notifications.jobs.weekly import _reminder as reminder_context
from services.notifications.queries.snapshot import Directory
from services.notifications.rules import ANSWERS
from services.notifications.settings import NotificationsSettings
from services.notifications.tables import Agency

CHILD, PROFESSIONAL, BAD = "P100001", "Robin Planted", "<b>x</b>"
# A child is spoken of by this number, to colleagues and on a letter to print alone.
NUMBER = "P2000"
DAY = date(2024, 7, 1)
WORK = cast("Work", SimpleNamespace(settings=NotificationsSettings(public_url="https://chairs.example.org")))
DIRECTORY = Directory({}, {}, {"surgeries": Agency(id="surgeries", name=BAD, roles=["gp"])}, {}, [], DAY)


def item(number: int, **more: Any) -> OpenItem:
    """An escalation as its owner answers it, with more than an email may say."""
    return OpenItem.model_validate(
        {
            "reference": f"ESC-{number}",
            "kind": "conference_contribution",
            "subject": "No report, no apologies",
            "raised_on": "2024-05-01",
            "meeting_on": "2024-05-02",
            "agency_id": "surgeries",
            "agency_role": "gp",
            "professional_team": "Bridge Surgery",
            "area_id": "north",
            "state": "open",
            "answered": False,
            "due_on": "2024-05-09",
            "owner_id": "chair-1",
            "stage": 1,
            "stage_name": "Stage 1",
            "stage_due_on": "2024-05-09",
            "person_ids": [CHILD],
            "professional_name": PROFESSIONAL,
        }
        | more
    )


def quarterly(items: list[Item], before: list[Item]) -> dict[str, Any]:
    """What a quarter's email is given."""
    return quarterly_context(WORK, DIRECTORY, parse("2024-Q1"), items, before) | {"expires_on": date(2024, 9, 30)}


def deadline(number: int, days: int = 3, **more: Any) -> Deadline:
    """Something that is due for a child in so many days."""
    given = {
        "chair_id": "chair-1",
        "person_id": f"{NUMBER}{number}",
        "kind": "review",
        "subject": "second",
        "due_on": DAY + timedelta(days=days),
        "review_reference": None,
    }
    return Deadline.model_validate(given | more)


def reminder(items: list[OpenItem], deadlines: list[Deadline]) -> dict[str, Any]:
    """What a chair's weekly reminder is given."""
    return reminder_context(WORK, DIRECTORY, items, DAY) | due_context(WORK, deadlines, DAY)


PLACE = [{"name": f"{BAD}, GP, North", "count": 2}]
ROWS = [{"name": BAD, "open": 3, "unanswered": 2, "overdue": 1, "oldest": 61}]
REPORT: dict[str, Any] = {
    "total": 3,
    "unanswered": 2,
    "overdue": 1,
    "oldest": 61,
    "tasks": ["1 belong to somebody who left: please reassign them."],
    "by_owner": ROWS,
    "by_agency": ROWS,
}
NOTHING_OPEN = REPORT | {"total": 0, "unanswered": 0, "overdue": 0, "oldest": 0, "by_owner": [], "by_agency": []}
REVIEW: dict[str, Any] = {
    "reference": "REV-1",
    "planned_on": date(2024, 8, 1),
    "planned_time": "14:30",
    "mode": "in person",
    "venue": BAD,
    "children": 1,
    "chair": "Invented Chair",
    "chair_email": "chair-1@example.org",
}
# Nothing but what every review has.
BARE = REVIEW | {"planned_time": None, "venue": None, "children": 3, "chair": None, "chair_email": None}
NEWS = ("planned", "moved", "cancelled")
CONTEXTS: dict[str, dict[str, Any]] = {
    "quarterly": quarterly(
        [item(1, professional_team=BAD), item(2, kind="care_planning"), item(3, answered=True)], [item(4)]
    ),
    "quarterly_reminder": {
        "quarter": "April to June 2024",
        "unanswered": 2,
        "choices_offered": ANSWERS,
        "expires_on": date(2024, 9, 30),
    },
    "new_link": {"quarter": "April to June 2024", "expires_on": date(2024, 9, 30)},
    "uncovered": {"quarter": "April to June 2024", "total": 2, "places": PLACE},
    "weekly_reminder": reminder([item(1), item(2)], [deadline(1, -2), deadline(2, kind="visit", subject="visit")]),
    "weekly_reminder, only escalations": reminder([item(1)], []),
    "weekly_reminder, only deadlines": reminder([], [deadline(1)]),
    "weekly_reminder, more than are shown": reminder([], [deadline(one, one - 3) for one in range(23)]),
    "weekly_report": REPORT | {"by_deadline": [{"name": "Second review", "overdue": 2}]},
    "weekly_report, only escalations": REPORT | {"by_deadline": []},
    "weekly_report, only what is overdue": NOTHING_OPEN | {"by_deadline": [{"name": "Second review", "overdue": 2}]},
    "answered": {
        "references": [{"reference": "ESC-1", "url": "https://chairs.example.org/escalations/ESC-1"}],
        "answer": BAD,
        "expected_on": date(2024, 8, 1),
        "has_note": True,
    },
}
DECISIONS = {
    "reference": "REV-1",
    "asked": False,
    "count": 2,
    "respond_by": date(2024, 8, 8),
    "url": "https://chairs.example.org/reviews/REV-1",
}
HANDOVER = {
    "earlier": BAD,
    "chair": "Invented Chair",
    "children": 2,
    "reviews": 3,
    "starts_on": date(2024, 8, 1),
    "url": "https://chairs.example.org/home/",
}
CONTEXTS |= {
    "decisions_to_consider": DECISIONS,
    "decisions_to_consider, one, to a team manager": DECISIONS | {"count": 1, "asked": True},
    "decisions_to_consider, several, to a team manager": DECISIONS | {"asked": True},
    "handover": HANDOVER,
    "handover, of one": HANDOVER | {"children": 1, "reviews": 1},
    "handover, nothing planned": HANDOVER | {"reviews": 0},
    "handover, no child": HANDOVER | {"children": 0},
    "handover, no child and one review": HANDOVER | {"children": 0, "reviews": 1},
}
for news in NEWS:
    for name, context in (("", REVIEW), (", bare", BARE)):
        said = context | {"news": news}
        CONTEXTS |= {
            f"advocate_invitation, {news}{name}": said | {"asked": False},
            f"advocate_invitation, {news}, asked{name}": said | {"asked": True},
            f"consultation, {news}, email{name}": said | {"person_id": None},
            f"consultation, {news}, letter{name}": said | {"person_id": f"{NUMBER}1"},
        }
