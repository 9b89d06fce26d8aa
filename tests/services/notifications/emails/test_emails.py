"""What emails say: in both forms the same, nothing fetched, nothing run, and never who the child is."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from services.notifications import emails
from services.notifications.clients.escalations import Item
from services.notifications.emails import ANSWER_LINK, Words, filled, render
from services.notifications.rules import ANSWERS
from tests.support.notifications.contexts import (
    BAD,
    CHILD,
    CONTEXTS,
    DAY,
    NUMBER,
    PROFESSIONAL,
    deadline,
    item,
    quarterly,
    reminder,
)
from tests.support.settings import COUNCIL

LINK = "https://chairs.example.org/answer/secret"
each_variant = pytest.mark.parametrize("variant", sorted(CONTEXTS))
NO_LINKS = {
    "uncovered",
    "weekly_report",
    "reports_due",
    "consultation",
    "letter",
    "advocate_invitation",
    "conference_papers",
    "link_code",
}
TO_REPLY = "Questions? Please reply to this email, or contact questions@northshire.example or 01632 960042."
HEADINGS = ("Your open escalations", "Proposed", "Answered", "Sent back", "Not answered", "Overdue", "Still looking")
TO_ASK = re.compile(
    r"Questions\? You can ask (Invented Chair, chair-1@example.org|your Independent .*), or questions@northshire"
)


def template_of(variant: str) -> str:
    return variant.partition(",")[0]


def rendered(variant: str, **more: Any) -> Words:
    words = render(template_of(variant), CONTEXTS[variant] | {"answer_url": ANSWER_LINK} | more, COUNCIL)
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
    folders = {path.parent.name for path in Path(emails.__file__).parent.glob("templates/*/body.html")}
    assert folders == {template_of(variant) for variant in CONTEXTS}


@each_variant
def test_each_has_a_subject_of_one_line_and_two_forms(variant: str) -> None:
    words = rendered(variant)
    assert words.subject.startswith("Northshire County Council: ")
    assert words.text.startswith("Northshire County Council, Independent Chairs' service, Children's Services\n\n")
    assert "Northshire County Council</strong><br>Independent Chairs&#39; service, Children&#39;s" in words.html
    assert "\n" not in words.subject
    for form in (words.text, words.html):
        assert TO_ASK.search(form) if template_of(variant) in {"consultation", "letter"} else TO_REPLY in form
    for form in (words.subject, words.html, words.text):
        assert not re.search(r"\{[{%]|[%}]\}|%ANSWER_LINK%|\bNone\b|Undefined", form)


@each_variant
def test_the_text_has_no_ragged_lines(variant: str) -> None:
    text = rendered(variant).text
    assert text == text.lstrip("\n")
    assert text.endswith(".\n")
    assert [line for line in text.split("\n") if line != line.strip()] == []
    assert "\n" * 5 not in text


@each_variant
def test_each_number_of_the_text_has_its_word(variant: str) -> None:
    bare = [line for line in rendered(variant).text.split("\n") if re.search(r": [\d,]+(, [\d,%-]+)*$", line)]
    # A heading counts what stands below it.
    assert [line for line in bare if not line.startswith(HEADINGS)] == []


@each_variant
def test_none_says_who_the_child_or_the_professional_is(variant: str) -> None:
    words = rendered(variant)
    for form in (words.subject, words.html, words.text):
        assert CHILD not in form
        assert PROFESSIONAL not in form
        assert NUMBER not in form or "letter" in variant or variant.startswith("weekly_reminder")


@each_variant
def test_what_people_wrote_is_never_markup(variant: str) -> None:
    words = rendered(variant)
    assert "<b>" not in words.html
    # A meeting that was cancelled, or to which nobody is to come, has no place any more.
    is_shown = BAD in str(CONTEXTS[variant]) and ", cancelled" not in variant and ", taken_back" not in variant
    assert ("&lt;b&gt;x&lt;/b&gt;" in words.html) == is_shown
    assert (BAD in words.text) == is_shown


@each_variant
def test_nothing_is_fetched_and_nothing_is_run(variant: str) -> None:
    found = _Tags(rendered(variant).html)
    assert {"script", "img", "link", "iframe", "style", "form", "object"} & {tag for tag, _ in found.tags} == set()
    for _, attributes in found.tags:
        assert not {"src", "background", "srcset"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert "url(" not in (attributes.get("style") or "")


@each_variant
def test_every_link_of_the_html_is_in_the_text_as_well(variant: str) -> None:
    words = rendered(variant)
    links = list(_Tags(words.html).links())
    assert all(link.startswith("https://chairs.example.org/") for link in links)
    assert [link for link in links if link not in words.text] == []
    assert bool(links) == (template_of(variant) not in NO_LINKS and not variant.endswith(", no link"))


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
    assert [repeat["name"] for repeat in context["repeats"]] == ["Bridge Surgery"]
    words = rendered("quarterly", **context)
    assert "No report, no apologies: 3 this quarter, 2 the quarter before" in words.text
    assert "Bridge Surgery: 3 this quarter, 2 the quarter before" in words.text
    assert re.search(r"Mill Surgery</th><td[^>]*>1</td><td[^>]*>0</td>", words.html)


@pytest.mark.parametrize(
    ("items", "before", "said", "unsaid"),
    [
        # One alone is spoken of as one.
        (
            [item(1)],
            [],
            ["1 escalation for you to answer, April to June 2024", "Once in April", "THIS?"],
            ["AGAIN AND AGAIN", "ESC-"],
        ),
        # Only care planning: nobody was missing from a conference.
        ([item(1, kind="care_planning")], [], ["Once a concern about a child's care was raised"], ["was missing from"]),
        # A team that is not known is shown by its role.
        ([item(1, professional_team=None)], [], ["GP: 1 this quarter, 0 the quarter before"], ["None"]),
        # Two in this quarter and one before are no pattern yet.
        ([item(1), item(2)], [item(3)], ["2 escalations"], ["AGAIN AND AGAIN"]),
        # Numbers are said as people say them.
        ([item(number) for number in range(1620)], [], ["1,620 times in April", "1,620 escalations"], []),
        ([item(1), item(2)], [], ["Twice in April"], ["no answer any more"]),
        # What is settled is counted in the quarter, and need not be answered.
        (
            [item(1), item(2, to_be_answered=False), item(3)],
            [],
            ["2 escalations for you", "3 times in April", "1 of these needs no answer any more."],
            [],
        ),
    ],
)
def test_the_quarterly_email_speaks_of_what_there_is(
    items: list[Item], before: list[Item], said: list[str], unsaid: list[str]
) -> None:
    text = rendered("quarterly", **quarterly(items, before)).text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.parametrize("form", ["text", "html"])
def test_one_escalation_alone_is_not_told_that_an_answer_covers_all(form: str) -> None:
    for count in (1, 2):
        items: list[Item] = [item(number) for number in range(count)]
        context = quarterly(items, [])
        said = {
            getattr(rendered(template, **context), form).count("can cover all")
            for template in ("quarterly", "quarterly_reminder")
        }
        assert said == {count - 1}


def test_what_is_late_is_not_counted_as_of_this_quarter() -> None:
    words = rendered("quarterly", **quarterly([item(1)], [], [item(2)]))
    assert "Bridge Surgery: 2 now, 0 the quarter before" in words.text
    assert "1 of these is from an earlier quarter, and you have not been asked about it before." in words.text
    assert ">Now</th>" in words.html


def test_the_managers_report_says_numbers_as_people_say_them() -> None:
    words = rendered("weekly_report")
    assert "care planning: 1,620 open (1,580 a week ago), 1,200 not answered, 1,100 overdue" in words.text
    assert ">1,620</td>" in words.html


def test_only_what_has_days_left_has_a_column_for_them() -> None:
    html = rendered("weekly_reminder, in all states").html
    tables = dict(re.findall(r"<caption[^>]*>([^<]*)</caption>(.*?)</table>", html, re.DOTALL))
    assert {name: "Days left" in table for name, table in tables.items()} == {
        "Answered: close it, or go on: 1": False,
        "Sent back: say where it belongs: 1": False,
        "Not answered yet: 1": True,
    }


def test_the_reminder_shows_the_oldest_first_and_what_is_overdue() -> None:
    later = [item(1), item(2, raised_on="2024-04-01"), item(3, stage_due_on=(DAY + timedelta(days=3)).isoformat())]
    words = rendered("weekly_reminder", **reminder(later, []))
    assert words.subject == "Northshire County Council: Your open escalations: 3, the oldest 91 days old"
    assert [found.group() for found in re.finditer(r"^ESC-\d", words.text, re.MULTILINE)] == ["ESC-2", "ESC-1", "ESC-3"]
    assert words.text.index("Overdue: 2") < words.text.index("Not answered yet: 1")
    assert "ESC-3, 61 days old, 3 days left" in words.text


@pytest.mark.parametrize(
    ("variant", "subject", "said", "unsaid"),
    [
        ("advocate_invitation, planned", "Invitation to a review: REV-1, 1 August 2024", "14:30", "Please invite"),
        ("advocate_invitation, planned, asked", "Please invite an advocate: REV-1, 1 August 2024", "invite", "You are"),
        ("advocate_invitation, moved", "A review has changed: REV-1, 1 August 2024", "Invented Chair", "invited"),
        ("advocate_invitation, cancelled", "A review was cancelled: REV-1", "when there is a new date", "aged 8"),
        ("consultation, planned", "Your review is on 1 August 2024", "You can answer this email", "write here"),
        ("letter, planned, 8-12", "Your review is coming up", "You can write here", "this email"),
        ("consultation, moved", "Your review has changed: it is on 1 August 2024", "14:30", "WHAT DO YOU THINK"),
        ("letter, cancelled, 8-12", "Your review is not happening", "a new day", "WHAT DO YOU THINK"),
        (
            "decisions_to_consider",
            "Decisions to consider by 8 August 2024: REV-1",
            "you manage",
            "not in the directory",
        ),
        (
            "handover",
            "Handed over: 2 children, 3 planned reviews, 1 open escalation from 1 August 2024",
            "3 planned reviews:\nREV-1: https",
            "may not chair",
        ),
        (
            "handover, one refused",
            "Handed over: 1 child, 3 planned reviews, 1 open escalation from 1 August 2024",
            "One child stays",
            "children",
        ),
        (
            "handover, several refused",
            "Handed over: 2 children, 3 planned reviews, 1 open escalation from 1 August 2024",
            "2 children stay",
            "One child",
        ),
        ("handover, nothing else", "Handed over: 2 children from 1 August 2024", "2 children", "planned"),
        (
            "handover, no child",
            "Handed over: 3 planned reviews, 1 open escalation from 1 August 2024",
            "ESC-1",
            "child",
        ),
        ("weekly_reminder, only escalations", "Your open escalations: 1, the oldest 61 days old", "ESC-1", "Due for"),
        (
            "weekly_reminder, only deadlines",
            "Due for your children: 1",
            "P20001: Second review, 3 days",
            "escalations:",
        ),
        ("weekly_report, only what is overdue", "Overdue for looked-after children: 2", "No open", "BY CHAIR"),
        ("weekly_report, only escalations", "Open escalations: 3, 1 overdue", "BY CHAIR", "LOOKED-AFTER"),
    ],
)
def test_each_variant_speaks_of_what_there_is(variant: str, subject: str, said: str, unsaid: str) -> None:
    words = rendered(variant)
    assert words.subject == f"{COUNCIL.name}: {subject}"
    assert said in words.text
    assert unsaid not in words.text


def test_the_reminder_lists_what_was_answered_first_and_says_how_it_stands() -> None:
    text = rendered("weekly_reminder, in all states").text
    assert text.index("Answered: close it, or go on: 1") < text.index("Sent back: say where it belongs: 1")
    assert f"Answer: {ANSWERS[0]['label']}" in text
    assert "Still looking until 20 July 2024" in text


def test_what_became_overdue_since_the_last_reminder_stands_first() -> None:
    old, new = item(1, stage_due_on="2024-05-01"), item(2, stage_due_on="2024-06-28", raised_on="2024-06-20")
    text = rendered("weekly_reminder", **reminder([old, new], [])).text
    assert text.index("ESC-2") < text.index("ESC-1")


def test_what_does_not_fit_is_a_number_with_a_link() -> None:
    text = rendered("weekly_reminder", **reminder([item(number) for number in range(1300)], [])).text
    assert "And 1,280 more: https://chairs.example.org/development/home/" in text


def test_the_reminder_shows_twenty_deadlines_soonest_first_and_counts_the_rest() -> None:
    words = rendered("weekly_reminder", **reminder([], [deadline(number, 22 - number) for number in range(25)]))
    shown = re.findall(r"^P2000(\d+):", words.text, re.MULTILINE)
    assert shown == ["24", "23"] + [str(number) for number in range(22, 2, -1)]
    for form in (words.text, words.html):
        assert "And 3 more" in form
        assert "https://chairs.example.org/development/home/" in form
    assert "Due for your children: 2 overdue, 23 due soon" in words.text
    assert words.subject == "Northshire County Council: Due for your children: 25"


def test_what_became_overdue_for_a_chair_since_last_week_stands_first() -> None:
    overdue = [deadline(1, -30), *(deadline(number, -20, kind="visit") for number in range(2, 15)), deadline(15, -3)]
    text = rendered("weekly_reminder", **reminder([], overdue, before={"Second review": 4})).text
    assert "Second review: 2 overdue, 1 new since last week, a week ago 4" in text
    assert "Visit the child: 13 overdue, a week ago 0" in text
    assert "And 3 more: https://chairs.example.org/development/home/" in text
    places = [text.index(f"\nP2000{number}:") for number in (15, 1, 2)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("count", "words"), [(-2, "2 days overdue"), (-1, "1 day overdue"), (0, "0 days left"), (1, "1 day left")]
)
def test_how_far_off_something_is_in_words(count: int, words: str) -> None:
    assert emails.days_left(count) == words


def test_the_subject_counts_what_is_still_to_be_answered() -> None:
    """The answered ones are counted in the tables, for the whole picture."""
    assert rendered("quarterly", unanswered=1).subject.startswith(
        "Northshire County Council: 1 escalation for you to answer"
    )
