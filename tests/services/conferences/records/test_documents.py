"""The record as a document to print: the risks first, nobody's name, and whatever was typed is text."""

import re

from chassis.access.callers import Role
from tests.support.conferences.desk import GP, JSON, SOCIAL_WORKER, Desk
from tests.support.conferences.recording import RECORD, step

UNSOUND = ["<script>alert(1)</script>", "#panic()", "$ x $ *bold* _it_ @ref \\ `raw`"]


async def written(desk: Desk) -> JSON:
    """A conference with a record of all kinds of words."""
    held = await desk.held("P1", "P2", invite=[SOCIAL_WORKER, GP], dissent=[{"by": "Father", "words": "Too soon."}])
    return await step(desk, held, "record", RECORD | {"complicating_factors": UNSOUND})


async def test_what_we_are_worried_about_stands_first_and_nobody_is_named(desk: Desk) -> None:
    conference = await written(desk)
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/document.html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src" not in answer.headers["content-security-policy"]
    page = answer.text
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings[:3] == ["What we are worried about", "What is working well", "What needs to happen"]
    assert page.index("Left alone again.") < page.index("Left alone overnight.") < page.index("Goes to school")
    assert "Mother: 4; Chair: 3" in page and "Father: Too soon." in page
    assert "A child protection plan is made (neglect)" in page
    assert "Draft: the record is not complete" in page
    assert "&lt;script&gt;" in page and "<script>" not in page
    for planted in ("Merrin", "Planted", "Yarrow", "Ravensby"):
        assert planted not in page
    assert ">P1<" in page and ">P2<" in page


async def test_the_same_as_tagged_pdf(desk: Desk) -> None:
    conference = await written(desk)
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/document.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid" in answer.content


async def test_what_no_font_can_show_is_printed_all_the_same(desk: Desk) -> None:
    held = await desk.held()
    conference = await step(desk, held, "record", RECORD | {"past_harm": ["Left alone \U0010fffd overnight."]})
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/document.pdf")
    assert answer.status_code == 200
    assert b"/StructTreeRoot" in answer.content
    assert b"pdfuaid" not in answer.content


async def test_words_longer_than_a_line_stay_on_the_paper(desk: Desk) -> None:
    """Forty words of a thousand letters each fill pages when they are broken, and one page where they run off it."""
    held = await desk.held()
    conference = await step(desk, held, "record", RECORD | {"working_well": ["w" * 1000] * 40})
    answer = await desk.ask("GET", f"/v1/conferences/{conference['reference']}/document.pdf")
    assert len(re.findall(rb"/Type/Page\b", answer.content)) > 8


async def test_the_record_of_a_restricted_child_is_printed_for_its_chair_and_managers_alone(desk: Desk) -> None:
    conference = await written(desk)
    await desk.rows("UPDATE chassis.child SET restricted = true")
    for kind in ("html", "pdf"):
        path = f"/v1/conferences/{conference['reference']}/document.{kind}"
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
    page = (await desk.ask("GET", f"{path}/document.html")).text
    assert "Planned for" in page and page.count("Not written yet.") == 3
    assert (await desk.ask("GET", f"{path}/document.pdf")).status_code == 200


async def test_printing_is_written_into_the_audit_and_refused_where_reading_is(desk: Desk) -> None:
    conference = await written(desk)
    path = f"/v1/conferences/{conference['reference']}/document"
    for kind in ("html", "pdf"):
        assert (await desk.ask("GET", f"{path}.{kind}")).status_code == 200
        assert (await desk.ask("GET", f"{path}.{kind}", role=Role.PERFORMANCE_ANALYST)).status_code == 403
        assert (await desk.ask("GET", f"/v1/conferences/CONF-1999-0001/document.{kind}")).status_code == 404
    seen = await desk.rows("SELECT person_ids FROM chassis.audit_entry WHERE action = 'print_conference'")
    assert [row["person_ids"] for row in seen] == [["P1", "P2"]] * 2
