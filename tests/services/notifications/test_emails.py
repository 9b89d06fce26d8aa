"""What emails say: in both forms the same, nothing fetched, nothing run, and never who the child is."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chassis.periods import parse
from chassis.work import Work
from services.notifications import emails
from services.notifications.clients import Item, OpenItem
from services.notifications.emails import ANSWER_LINK, Words, filled, render
from services.notifications.jobs.quarterly import _context as quarterly_context
from services.notifications.jobs.weekly import _reminder as reminder_context
from services.notifications.queries.snapshot import Directory
from services.notifications.rules import ANSWERS
from services.notifications.settings import NotificationsSettings
from services.notifications.tables import Agency

CHILD, PROFESSIONAL, BAD = "P100001", "Robin Planted", "<b>x</b>"
DAY = date(2024, 7, 1)
LINK = "https://chairs.example.org/answer/secret"
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
    return quarterly_context(WORK, DIRECTORY, parse("2024-Q1"), items, before) | {"expires_on": date(2024, 9, 30)}


PLACE = [{"name": f"{BAD}, GP, North", "count": 2}]
ROWS = [{"name": BAD, "open": 3, "unanswered": 2, "overdue": 1, "oldest": 61}]
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
    "weekly_reminder": reminder_context(WORK, DIRECTORY, [item(1), item(2)], DAY),
    "weekly_report": {
        "total": 3,
        "unanswered": 2,
        "overdue": 1,
        "oldest": 61,
        "tasks": ["1 belong to somebody who left: please reassign them."],
        "by_owner": ROWS,
        "by_agency": ROWS,
    },
    "answered": {
        "references": [{"reference": "ESC-1", "url": "https://chairs.example.org/escalations/ESC-1"}],
        "answer": BAD,
        "expected_on": date(2024, 8, 1),
        "has_note": True,
    },
}
each_template = pytest.mark.parametrize("template", sorted(CONTEXTS))


def rendered(template: str, **more: Any) -> Words:
    given = {"answer_url": ANSWER_LINK, "contact": "business support"}
    words = render(template, CONTEXTS[template] | given | more)
    return Words(words.subject, filled(words.html, LINK), filled(words.text, LINK))


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def links(self) -> Iterator[str]:
        return (attributes["href"] or "" for tag, attributes in self.tags if tag == "a")


def test_every_template_is_tried_here() -> None:
    folders = {path.parent.name for path in Path(emails.__file__).parent.glob("*/body.html")}
    assert folders == set(CONTEXTS)


@each_template
def test_each_has_a_subject_of_one_line_and_two_forms(template: str) -> None:
    words = rendered(template)
    assert words.subject
    assert "\n" not in words.subject
    assert "Questions? Please reply to this email, or contact business support." in words.text
    assert "Questions? Please reply to this email, or contact business support." in words.html
    for form in (words.subject, words.html, words.text):
        assert not re.search(r"\{[{%]|[%}]\}|%ANSWER_LINK%|\bNone\b|Undefined", form)


@each_template
def test_none_says_who_the_child_or_the_professional_is(template: str) -> None:
    words = rendered(template)
    for form in (words.subject, words.html, words.text):
        assert CHILD not in form
        assert PROFESSIONAL not in form


@each_template
def test_what_people_wrote_is_never_markup(template: str) -> None:
    words = rendered(template)
    assert "<b>" not in words.html
    written = str(CONTEXTS[template])
    assert ("&lt;b&gt;x&lt;/b&gt;" in words.html) == (BAD in written or template == "weekly_reminder")
    assert (BAD in words.text) == (BAD in written or template == "weekly_reminder")


@each_template
def test_nothing_is_fetched_and_nothing_is_run(template: str) -> None:
    found = _Tags(rendered(template).html)
    assert {"script", "img", "link", "iframe", "style", "form", "object"} & {tag for tag, _ in found.tags} == set()
    for _, attributes in found.tags:
        assert not {"src", "background", "srcset"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in (attributes.get("style") or "")


@each_template
def test_every_link_of_the_html_is_in_the_text_as_well(template: str) -> None:
    words = rendered(template)
    links = list(_Tags(words.html).links())
    assert all(link.startswith("https://chairs.example.org/") for link in links)
    assert [link for link in links if link not in words.text] == []
    assert bool(links) == (template not in {"uncovered", "weekly_report"})


@pytest.mark.parametrize("choice", [choice["value"] for choice in ANSWERS])
def test_each_ready_answer_has_its_own_link(choice: str) -> None:
    for template in ("quarterly", "quarterly_reminder"):
        words = rendered(template)
        assert f"{LINK}?choice={choice}" in words.text
        assert f"{LINK}?choice={choice}" in list(_Tags(words.html).links())


def test_the_quarter_is_counted_by_theme_and_team_against_the_one_before() -> None:
    now = [item(1), item(2), item(3, professional_team="Mill Surgery"), item(4, subject="Late report")]
    before = [item(5), item(6), item(7, subject="Late apologies", professional_team="Hill Surgery")]
    context = quarterly(list(now), list(before))
    assert (context["total"], context["total_before"]) == (4, 3)
    assert context["themes"] == [
        {"name": "No report, no apologies", "now": 3, "before": 2},
        {"name": "Late report", "now": 1, "before": 0},
        {"name": "Late apologies", "now": 0, "before": 1},
    ]
    assert context["teams"] == [
        {"name": "Bridge Surgery", "now": 3, "before": 2},
        {"name": "Mill Surgery", "now": 1, "before": 0},
        {"name": "Hill Surgery", "now": 0, "before": 1},
    ]
    assert [one["name"] for one in context["repeats"]] == ["Bridge Surgery"]
    words = rendered("quarterly", **context)
    assert "No report, no apologies: 3, 2" in words.text
    assert "Bridge Surgery: 3 now, 2 the quarter before" in words.text
    assert re.search(r"Mill Surgery</th><td[^>]*>1</td><td[^>]*>0</td>", words.html)
    assert "The quarter before it was 3." in words.text


@pytest.mark.parametrize(
    ("items", "before", "said", "unsaid"),
    [
        # One alone is spoken of as one.
        ([item(1)], [], ["1 escalation, April to June 2024", "DONE ABOUT THIS?"], ["AGAIN AND AGAIN", "BY TEAM"]),
        # Only care planning: nobody was missing from a conference.
        ([item(1, kind="care_planning")], [], ["1 concern about a child's care was raised"], ["was missing from"]),
        # A team that is not known is shown by its role.
        ([item(1, professional_team=None)], [], ["GP: No report, no apologies"], ["None"]),
        # Two in this quarter and one before are no pattern yet.
        ([item(1), item(2)], [item(3)], ["2 escalations"], ["AGAIN AND AGAIN"]),
        # Without a meeting the day on which it was raised stands for it.
        ([item(1, meeting_on=None)], [], ["ESC-1, 1 May 2024"], ["not recorded"]),
    ],
)
def test_the_quarterly_email_speaks_of_what_there_is(
    items: list[Item], before: list[Item], said: list[str], unsaid: list[str]
) -> None:
    text = rendered("quarterly", **quarterly(items, before)).text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_the_reminder_shows_the_oldest_first_and_what_is_overdue() -> None:
    later = [item(1), item(2, raised_on="2024-04-01"), item(3, stage_due_on=(DAY + timedelta(days=3)).isoformat())]
    words = rendered("weekly_reminder", **reminder_context(WORK, DIRECTORY, later, DAY))
    assert words.subject == "Your open escalations: 3, the oldest 91 days old"
    assert [found.group() for found in re.finditer(r"^ESC-\d", words.text, re.MULTILINE)] == ["ESC-2", "ESC-1", "ESC-3"]
    assert "2 are overdue." in words.text
    assert "ESC-3, 61 days old, 3 days left" in words.text
