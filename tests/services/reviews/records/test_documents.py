"""The record of a review as a paper: everybody by name, decisions first, for one child or for all."""

import re
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.fields import day_in_words
from chassis.papers.directory import Directory
from chassis.web.service_clients import ServiceOutOfReach
from tests.support.reviews.office import WHO, Office
from tests.support.reviews.recording import written


async def test_the_record_names_everybody_and_says_decisions_first(office: Office) -> None:
    path = await written(office, "P1")
    answer = await office.ask("GET", f"{path}/record.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.text
    assert re.findall(r"<h2>(.*?)</h2>", page)[:4] == [
        "Decisions for Merrin Planted",
        "Views about the care of Merrin Planted",
        "The review of Merrin Planted",
        "For Merrin Planted",
    ]
    today = clock.today()
    assert f"{today:%A} {day_in_words(today)} at 15:30" in page and "Hybrid: Hillside School" in page
    assert f"Merrin Planted, born on {day_in_words(date.fromisoformat(WHO['born_on']))}" in page
    assert f"<td>An eye test.</td><td>Carers</td><td>{day_in_words(today)}</td>" in page
    for said in ("Ilva Thornbury", "More time with my brother.", "Reads well.", "You can stay at your school."):
        assert said in page
    assert "&lt;b&gt;Longer&lt;/b&gt; visits" in page and "<b>Longer" not in page
    assert "Complete record of" in page and "Not written yet" not in page
    assert page.count("OFFICIAL-SENSITIVE") >= 2 and "Northshire County Council" in page
    assert "Template: review-record-1." in page


async def test_each_page_of_the_pdf_is_marked_and_numbered(office: Office) -> None:
    path = await written(office, "P1", "P2", complete=False)
    answer = await office.ask("GET", f"{path}/record.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert b"pdfuaid" in answer.content
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    for number, page in enumerate(pages, start=1):
        assert page.startswith("OFFICIAL-SENSITIVE")
        assert f"Page {number} of {len(pages)}" in page
    assert "Draft: the record is not complete" in pages[0]


async def test_the_record_of_one_child_says_nothing_of_another(office: Office) -> None:
    path = await written(office, "P1", "P2")
    both = (await office.ask("GET", f"{path}/record.html")).text
    second = (await office.ask("GET", f"{path}/record.html?person_id=P2")).text
    assert both.count("born on") == 2 and "An eye test." in both
    assert second.count("born on") == 1 and "An eye test." not in second
    assert (await office.ask("GET", f"{path}/record.html?person_id=P3")).status_code == 404


async def test_who_reads_it_is_kept_and_a_restricted_child_is_hidden(office: Office) -> None:
    path = await written(office, "P1")
    await office.rows("UPDATE chassis.child SET restricted = true")
    for kind in ("html", "pdf"):
        assert (await office.ask("GET", f"{path}/record.{kind}", subject="chair-2")).status_code == 404
        assert (await office.ask("GET", f"{path}/record.{kind}", subject="chair-1")).status_code == 200
        assert (await office.ask("GET", f"{path}/record.{kind}", role=Role.PERFORMANCE_ANALYST)).status_code == 403
    seen = await office.rows("SELECT caller, person_ids FROM chassis.audit_entry WHERE action = 'print_review'")
    assert [(row["caller"], row["person_ids"]) for row in seen] == [("chair-1", ["P1"])] * 2


async def test_no_record_is_printed_while_names_cannot_be_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await written(office, "P1")

    async def silent(*_: object, **__: object) -> None:
        raise ServiceOutOfReach

    monkeypatch.setattr(Directory, "_ask", silent)
    assert (await office.ask("GET", f"{path}/record.html")).status_code == 503
