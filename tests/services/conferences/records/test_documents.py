"""The record and the outline plan as papers: the risks first, everybody by name, and whatever was typed is text."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.access.callers import Role
from chassis.base.fields import day_in_words
from chassis.papers.directory import Directory
from chassis.web.service_clients import ServiceOutOfReach
from tests.support.conferences.desk import GP, JSON, SOCIAL_WORKER, Desk
from tests.support.conferences.recording import RECORD, step

UNSOUND = ["<script>alert(1)</script>", "#panic()", "$ x $ *bold* _it_ @ref \\ `raw`"]


async def written(desk: Desk) -> JSON:
    """A conference with a record of all kinds of words."""
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2", planned_time="10:00", mode="hybrid", venue="Oak House")
    invited = await desk.invited(conference, SOCIAL_WORKER, GP)
    answer = await desk.hold(
        conference,
        children=[desk.outcome("P1", views="I want to stay with nan."), desk.outcome("P2")],
        attendance={row["id"]: "attended" for row in invited},
        dissent=[{"by": "Father", "words": "Too soon."}],
    )
    family = {"family_views": [{"by": "Ada Planted", "words": "I need help at night."}]}
    return await step(desk, answer.json(), "record", RECORD | family | {"complicating_factors": UNSOUND})


async def test_what_we_are_worried_about_stands_first_and_everybody_is_named(desk: Desk) -> None:
    conference = await written(desk)
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/record.html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in answer.headers["content-security-policy"]
    page = answer.text
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings[:3] == ["What we are worried about", "What is working well", "What needs to happen"]
    assert page.index("Left alone again.") < page.index("Left alone overnight.") < page.index("Goes to school")
    assert "<li>Mother: 4</li><li>Chair: 3</li>" in page and "Father: Too soon." in page
    assert "A child protection plan is made (neglect)" in page
    assert "Draft: the record is not complete" in page
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert page.count("OFFICIAL-SENSITIVE") >= 2 and "Northshire County Council" in page
    held = date.fromisoformat(conference["held_on"])
    assert f"{held:%A} {day_in_words(held)} at 10:00" in page
    born = day_in_words(date.fromisoformat(desk.child()["born_on"]))
    assert page.count(f"Merrin Planted, born on {born}") == 2
    for said in ("Ilva Thornbury", "Hybrid: Oak House", "Dr Yarrow Elmsgate", "GP, Mill Lane Surgery", "Not sent"):
        assert said in page
    assert "Ada Planted: I need help at night." in page and "I want to stay with nan." in page
    assert "Template: conference-record-2." in page


async def test_the_same_as_tagged_pdf(desk: Desk) -> None:
    conference = await written(desk)
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/record.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid" in answer.content
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    for number, page in enumerate(pages, start=1):
        assert page.startswith("OFFICIAL-SENSITIVE")
        assert f"Page {number} of {len(pages)}" in page
    assert "Northshire County Council" in pages[0] and "Merrin Planted, born on" in pages[0]


async def test_what_no_font_can_show_is_printed_all_the_same(desk: Desk) -> None:
    held = await desk.held()
    conference = await step(desk, held, "record", RECORD | {"past_harm": ["Left alone \U0010fffd overnight."]})
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/record.pdf")
    assert answer.status_code == 200
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid" not in answer.content


async def test_words_longer_than_a_line_stay_on_the_paper(desk: Desk) -> None:
    """Forty words of a thousand letters each fill pages when they are broken, and one page where they run off it."""
    held = await desk.held()
    conference = await step(desk, held, "record", RECORD | {"working_well": ["w" * 1000] * 40})
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/record.pdf")
    assert len(re.findall(rb"/Type/Page\b", answer.content)) > 8


async def test_the_record_of_a_restricted_child_is_printed_for_its_chair_and_managers_alone(desk: Desk) -> None:
    conference = await written(desk)
    await desk.rows("UPDATE chassis.child SET restricted = true")
    for kind in ("html", "pdf"):
        path = f"/v1/conferences/{conference['reference']}/record.{kind}"
        assert (await desk.ask("GET", path, subject="chair-2")).status_code == 404
        assert (await desk.ask("GET", path, role=Role.BUSINESS_SUPPORT, subject="support-1")).status_code == 404
        assert (await desk.ask("GET", path, subject="chair-1")).status_code == 200
        assert (await desk.ask("GET", path, role=Role.TEAM_MANAGER, subject="manager-1")).status_code == 200
    seen = await desk.rows("SELECT caller FROM chassis.audit_entry WHERE action = 'print_conference' ORDER BY id")
    assert [row["caller"] for row in seen] == ["chair-1", "manager-1"] * 2


async def test_a_conference_without_a_record_has_a_document_too(desk: Desk) -> None:
    await desk.registered()
    await desk.enquired()
    conference = await desk.planned()
    path = f"/v1/conferences/{conference['reference']}"
    page = (await desk.ask("GET", f"{path}/record.html")).text
    assert "Planned for" in page and page.count("Not written yet.") == 3
    assert (await desk.ask("GET", f"{path}/record.pdf")).status_code == 200


async def test_printing_is_written_into_the_audit_and_refused_where_reading_is(desk: Desk) -> None:
    conference = await written(desk)
    path = f"/v1/conferences/{conference['reference']}/record"
    for kind in ("html", "pdf"):
        assert (await desk.ask("GET", f"{path}.{kind}")).status_code == 200
        assert (await desk.ask("GET", f"{path}.{kind}", role=Role.PERFORMANCE_ANALYST)).status_code == 403
        assert (await desk.ask("GET", f"/v1/conferences/CONF-1999-0001/record.{kind}")).status_code == 404
    seen = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'print_conference'")
    assert [row["person_ids"] for row in seen] == [["P1", "P2"]] * 2


async def test_a_complete_record_says_nothing_that_is_not_written(desk: Desk) -> None:
    held = await desk.held()
    done = await step(desk, await step(desk, held, "record", RECORD), "record/complete")
    page = (await desk.ask("GET", f"/v1/conferences/{done['reference']}/record.html")).text
    assert "Complete record of" in page and "Not written yet" not in page


async def test_a_plan_that_was_made_has_an_outline(desk: Desk) -> None:
    conference = await written(desk)
    path = f"/v1/conferences/{conference['reference']}/outline-plan"
    page = (await desk.ask("GET", f"{path}.html")).text
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == ["What we are worried about", "What was decided", "What needs to happen"]
    assert "Draft: the outline plan is not sent yet" in page and "Template: outline-plan-1." in page
    answer = await desk.ask("GET", f"{path}.pdf")
    assert answer.headers["content-disposition"].endswith('-outline-plan-1.pdf"')
    assert b"pdfuaid" in answer.content
    seen = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'print_conference'")
    assert [row["person_ids"] for row in seen] == [["P1", "P2"]] * 2


async def test_there_is_no_outline_where_no_plan_was_made(desk: Desk) -> None:
    held = await desk.held(children=[desk.outcome(outcome="not_made", category=None)])
    for kind in ("html", "pdf"):
        path = f"/v1/conferences/{held['reference']}/outline-plan.{kind}"
        assert (await desk.ask("GET", path)).status_code == 404


async def test_no_paper_is_made_while_names_cannot_be_asked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await desk.held()

    async def silent(*_: object, **__: object) -> None:
        raise ServiceOutOfReach

    monkeypatch.setattr(Directory, "_ask", silent)
    answer = await desk.ask("GET", f"/v1/conferences/{held['reference']}/record.html")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
