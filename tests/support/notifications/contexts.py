"""The context of each email in each of its variants, with more in it than an email may say."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

from chassis.law.periods import parse
from chassis.process import Process
from services.notifications.clients.conferences import ConferenceDeadline
from services.notifications.clients.escalations import Item, OpenItem
from services.notifications.clients.reviews import Deadline
from services.notifications.directory.models import Agency
from services.notifications.directory.snapshot import Directory
from services.notifications.emails.deadlines import Deadlines
from services.notifications.emails.quarterly import _context as quarterly_context
from services.notifications.emails.weekly import _reminder as reminder_context
from services.notifications.letters.words import Version, blocks
from services.notifications.rules import ANSWERS
from services.notifications.settings import NotificationsSettings

CHILD, PROFESSIONAL, BAD = "P100001", "Robin Planted", "<b>x</b>"
# A child is spoken of by this number, to colleagues and on a letter to print alone.
NUMBER = "P2000"
DAY = date(2024, 7, 1)
WORK = cast("Process", SimpleNamespace(settings=NotificationsSettings(public_url="https://chairs.example.org")))
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
            "to_be_answered": True,
            "due_on": "2024-05-09",
            "owner_id": "chair-1",
            "stage": 1,
            "stage_name": "Stage 1",
            "stage_due_on": "2024-05-09",
            "officer_id": None,
            "waiting_until": None,
            "returned_on": None,
            "ask_from": None,
            "answer": None,
            "person_ids": [CHILD],
            "professional_name": PROFESSIONAL,
        }
        | more
    )


def quarterly(items: list[Item], before: list[Item], late: Sequence[Item] = ()) -> dict[str, Any]:
    """What a quarter's email is given."""
    return quarterly_context(WORK, DIRECTORY, parse("2024-Q1"), items, before, late) | {"expires_on": date(2024, 9, 30)}


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


def conference_deadline(number: int, days: int = 3, **more: Any) -> ConferenceDeadline:
    """Something that is due for a conference, or for a child on a plan, in so many days."""
    given = {
        "chair_id": "chair-1",
        "person_id": f"{NUMBER}{number}",
        "children": 1,
        "kind": "core_group",
        "subject": "core_group",
        "due_on": DAY + timedelta(days=days),
        "conference_reference": f"CONF-{number}",
        "proposals": 0,
    }
    return ConferenceDeadline.model_validate(given | more)


def proposed(number: int, count: int, days: int = -2) -> ConferenceDeadline:
    """Escalations that a conference proposes and its chair has not decided on."""
    return conference_deadline(number, days, kind="proposals", subject="proposals", proposals=count)


def reminder(
    items: list[OpenItem],
    deadlines: list[Deadline],
    conferences: Sequence[ConferenceDeadline] = (),
    before: dict[str, int] | None = None,
) -> dict[str, Any]:
    """What a chair's weekly reminder is given."""
    owed = Deadlines(deadlines, list(conferences))
    return reminder_context(WORK, DIRECTORY, items, items[1:], DAY) | owed.context(WORK, DAY, before)


PLACE = [{"name": f"{BAD}, GP, North", "count": 2}]
ROWS = [
    {"name": BAD, "open": 3, "before": 4, "unanswered": 2, "overdue": 1, "oldest": 61},
    {
        "name": "Alexandra Featherstone-Inventedname, care planning",
        "open": 1620,
        "before": 1580,
        "unanswered": 1200,
        "overdue": 1100,
        "oldest": 1461,
    },
]
REPORT: dict[str, Any] = {
    "total": 3,
    "total_before": 4,
    "unanswered": 2,
    "overdue": 1,
    "oldest": 61,
    "tasks": ["1 escalation belongs to somebody who left: please reassign."],
    "by_owner": ROWS,
    "by_agency": ROWS,
}
NOTHING_OPEN = REPORT | {"total": 0, "unanswered": 0, "overdue": 0, "oldest": 0, "by_owner": [], "by_agency": []}
OF_REVIEWS = {"by_deadline": [{"name": "Second review", "now": 2, "before": 1200}]}
OF_CONFERENCES = {"by_conference_deadline": [{"name": "Core group", "now": 3, "before": None}]}
REVIEW: dict[str, Any] = {
    "reference": "REV-1",
    "planned_on": date(2024, 8, 1),
    "planned_time": "14:30",
    "mode": "in person",
    "venue": BAD,
    "join_link": "https://meet.example.org/room-1",
    "children": 1,
    "chair": "Invented Chair",
    "chair_telephone": "01632 960001",
    "chair_email": "chair-1@example.org",
}
# Nothing but what every review has.
BARE = REVIEW | {
    "planned_time": None,
    "venue": None,
    "join_link": None,
    "children": 3,
    "chair": None,
    "chair_telephone": None,
    "chair_email": None,
}
NEWS = ("planned", "moved", "cancelled")
CONTEXTS: dict[str, dict[str, Any]] = {
    "quarterly": quarterly(
        [item(1, professional_team=BAD), item(2, kind="care_planning"), item(3, answered=True, to_be_answered=False)],
        [item(4)],
    ),
    "quarterly, with late ones": quarterly([item(1)], [], [item(5, raised_on="2023-02-01")]),
    "quarterly, only late ones": quarterly([], [], [item(5, professional_team=BAD)]),
    "newly_responsible": {
        "total": 2,
        "reasons": [{"sentence": "The officer who was asked before you has left.", "count": 2}],
        "teams": [{"name": BAD, "count": 2}],
        "choices_offered": ANSWERS,
        "expires_on": date(2024, 9, 30),
    },
    "quarterly_reminder": {
        "quarter": "April to June 2024",
        "unanswered": 2,
        "choices_offered": ANSWERS,
        "expires_on": date(2024, 9, 30),
    },
    "new_link": {"quarter": "April to June 2024", "expires_on": date(2024, 9, 30), "corrected": False},
    "new_link, corrected": {"quarter": "April to June 2024", "expires_on": date(2024, 9, 30), "corrected": True},
    "uncovered": {"quarter": "April to June 2024", "total": 2, "late": 0, "places": PLACE},
    "uncovered, with late ones": {"quarter": "April to June 2024", "total": 2, "late": 1, "places": PLACE},
    "weekly_reminder": reminder(
        [item(1), item(2)],
        [deadline(1, -2), deadline(2, kind="visit", subject="visit"), deadline(3, -9, kind="visit", subject="visit")],
        before={"Second review": 1},
    ),
    "weekly_reminder, in all states": reminder(
        [
            item(1, state="answered", answer="dealt_with"),
            item(2, returned_on="2024-06-20"),
            item(3, waiting_until="2024-07-20", stage_due_on="2024-07-30"),
        ],
        [],
    ),
    "to_route": {
        "total": 1,
        "rows": [
            {
                "reference": "ESC-1",
                "agency": BAD,
                "subject": "No report, no apologies",
                "returned_on": date(2024, 6, 20),
                "chair": "Invented Chair",
                "url": "https://chairs.example.org/escalations/ESC-1",
            }
        ],
    },
    "weekly_reminder, only escalations": reminder([item(1)], []),
    "weekly_reminder, only deadlines": reminder([], [deadline(1)]),
    "weekly_reminder, more than are shown": reminder([], [deadline(number, number - 3) for number in range(23)]),
    "weekly_reminder, with conferences": reminder(
        [item(1)],
        [deadline(1, -2)],
        [proposed(1, 2), proposed(2, 1, 0), conference_deadline(3), conference_deadline(4, children=2)],
    ),
    "weekly_reminder, only proposals": reminder([], [], [proposed(1, 1, -1)]),
    "weekly_reminder, only conferences": reminder([], [], [conference_deadline(1)]),
    "weekly_report": REPORT | OF_REVIEWS | OF_CONFERENCES,
    "weekly_report, only escalations": REPORT | {"by_deadline": [], "by_conference_deadline": []},
    "weekly_report, only what is overdue": NOTHING_OPEN | OF_REVIEWS | {"by_conference_deadline": []},
    "weekly_report, only conferences": NOTHING_OPEN | {"by_deadline": []} | OF_CONFERENCES,
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


def given(words: str, *references: str) -> dict[str, Any]:
    """What is handed over of one kind."""
    items = [
        {"reference": reference, "url": f"https://chairs.example.org/reviews/{reference}"} for reference in references
    ]
    return {"words": words, "items": items}


HANDOVER: dict[str, Any] = {
    "earlier": BAD,
    "chair": "Invented Chair",
    "children": 2,
    "given": [given("3 planned reviews", "REV-1", "REV-2", "REV-3"), given("1 open escalation", "ESC-1")],
    "refused": 0,
    "starts_on": date(2024, 8, 1),
    "url": "https://chairs.example.org/home/",
}
CONTEXTS |= {
    "decisions_to_consider": DECISIONS,
    "decisions_to_consider, one, to a team manager": DECISIONS | {"count": 1, "asked": True},
    "decisions_to_consider, several, to a team manager": DECISIONS | {"asked": True},
    "handover": HANDOVER,
    "handover, one refused": HANDOVER | {"children": 1, "refused": 1},
    "handover, several refused": HANDOVER | {"refused": 2},
    "handover, nothing else": HANDOVER | {"given": []},
    "handover, no child": HANDOVER | {"children": 0},
}
for news in NEWS:
    for name, context in (("", REVIEW), (", bare", BARE)):
        said = context | {"news": news}
        CONTEXTS |= {
            f"advocate_invitation, {news}{name}": said | {"asked": False},
            f"advocate_invitation, {news}, asked{name}": said | {"asked": True},
            f"consultation, {news}{name}": said,
        }
        for version in Version:
            letter = blocks(version, said)
            variant = f"letter, {news}, {version}{name}"
            CONTEXTS[variant] = said | {"title": letter[0]["words"], "blocks": letter}

CONFERENCE: dict[str, Any] = {
    "reference": "CONF-1",
    "planned_on": date(2024, 8, 1),
    "planned_time": "09:30",
    "mode": "in person and by video",
    "venue": BAD,
    "join_link": "https://meet.example.org/room-1",
    "children": 2,
    "chair": "Invented Chair",
    "chair_telephone": "01632 960001",
    "chair_email": "chair-1@example.org",
    "report_due_on": date(2024, 7, 25),
}
# Nothing but what every conference has.
BARE_CONFERENCE = CONFERENCE | {
    "planned_time": None,
    "venue": None,
    "join_link": None,
    "children": 1,
    "chair": None,
    "chair_telephone": None,
    "chair_email": None,
    "report_due_on": None,
}
REPORT_DUE = {
    "name": BAD,
    "unit": "Bridge Surgery, Surgeries",
    "due_on": date(2024, 7, 10),
    "days_left": 9,
    "reference": "CONF-1",
    "planned_on": date(2024, 7, 12),
    "has_address": True,
}
PAPERS = {
    "reference": "CONF-1",
    "paper": "outline plan",
    "sent_on": date(2024, 8, 2),
    "chair": "Invented Chair",
    "chair_email": "chair-1@example.org",
}
CONCERN = {
    "reference": "CONF-1",
    "check": "midway check",
    "chair": BAD,
    "meant_for": None,
    "url": "https://chairs.example.org/conferences/CONF-1",
}
CORE_GROUP = {
    "reference": "CONF-1",
    "children": 2,
    "due_on": date(2024, 8, 15),
    "url": "https://chairs.example.org/conferences/CONF-1",
}


REPORT = {
    "report": "Annual report of the Independent Chairs",
    "period": "2023-24",
    "url": "https://chairs.example.org/reports/REP-2024-0001",
}
CONTEXTS |= {
    "reports_due": {"until": date(2024, 7, 15), "overdue": 0, "rows": [REPORT_DUE]},
    "reports_due, overdue, without an address": {
        "until": date(2024, 7, 15),
        "overdue": 1,
        "rows": [REPORT_DUE | {"days_left": -2, "has_address": False}, REPORT_DUE],
    },
    "report_reminder": CONFERENCE,
    "report_reminder, bare": BARE_CONFERENCE | {"report_due_on": date(2024, 7, 25)},
    "contribution_link": CONFERENCE | {"corrected": False},
    "contribution_link, corrected, bare": BARE_CONFERENCE | {"corrected": True},
    "link_code": {},
    "paper_link": {"paper": "record", "reference": "CONF-1", "expires_on": date(2024, 9, 30)},
    "conference_papers": PAPERS,
    "conference_papers, record, chair left": PAPERS | {"paper": "record", "chair": None, "chair_email": None},
    "plan_concern": CONCERN,
    "plan_concern, to a team manager": CONCERN | {"chair": None, "meant_for": "practice supervisor"},
    "core_group_reminder": CORE_GROUP,
    "core_group_reminder, without a conference": CORE_GROUP | {"reference": None, "children": 1},
    "report_drafted": REPORT,
    "report_moved, to the reviewer": REPORT | {"state": "with_reviewer"},
    "report_moved, back to the author": REPORT | {"state": "draft"},
    "report_moved, approved": REPORT | {"state": "approved"},
    "report_published": REPORT,
}
for news in ("invited", "moved", "cancelled", "taken_back"):
    for name, context in (("", CONFERENCE), (", bare", BARE_CONFERENCE)):
        for invited_as in ("professional", "observer", "advocate"):
            has_link = invited_as == "professional" and news in {"invited", "moved"}
            said = context | {"news": news, "invited_as": invited_as, "has_link": has_link, "asked": False}
            if invited_as != "professional":
                said |= {"report_due_on": None}
            link = "" if has_link else ", no link"
            CONTEXTS[f"conference_invitation, {news}, {invited_as}{name}{link}"] = said
            if invited_as == "advocate":
                CONTEXTS[f"conference_invitation, {news}, asked{name}{link}"] = said | {"asked": True}
