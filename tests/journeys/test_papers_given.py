"""A paper is given to somebody: its link and its code come by email, it is read, and staff see so until they stop it."""

import re
from email.message import EmailMessage
from typing import Any, cast
from urllib.parse import urlsplit

from chassis.access.callers import Role
from tests.support.conferences.giving import DOCTOR, NAME, hold_with_record
from tests.support.journeys.conferences_loop import conferences_loop
from tests.support.journeys.loop import Loop, words
from tests.support.journeys.reviews_loop import reviews_loop
from tests.support.links import ask_for_code, enter_code, read
from tests.support.reviews.recording import written
from tests.support.running import Running
from tests.support.serving import JSON, Asking
from tests.support.waiting import eventually

CARER = "carer@example.org"
SUPPORT: dict[str, Any] = {"role": Role.BUSINESS_SUPPORT, "subject": "support-1"}


async def mail_about(loop: Loop, address: str, subject: str) -> EmailMessage:
    """The message to an address with this subject, once it has come."""

    async def found() -> EmailMessage | None:
        return next((mail for mail in loop.postbox.to(address) if mail["Subject"] == subject), None)

    mail = await eventually(found)
    assert mail is not None, [mail["Subject"] for mail in loop.postbox.to(address)]
    return cast("EmailMessage", mail)


async def given_read_and_stopped(loop: Loop, room: Asking, path: str, address: str, body: JSON) -> None:
    """The life of a record that business support gives to somebody at this address."""
    (link,) = await room.done("POST", path, body, status=201, **SUPPORT)
    reference, browser = link["reference"], room.client
    mail = await mail_about(loop, address, f"The record of {reference} is ready for you")
    assert NAME not in words(mail) + words(mail, "html")
    found = re.search(r"https?://\S+-papers/\S+", words(mail))
    assert found is not None, words(mail)
    by_email = urlsplit(found[0]).path

    page = await browser.get(by_email, follow_redirects=True)
    assert "Send me a code" in page.text
    await ask_for_code(browser)
    code = re.search(r"Your code: (\d{6})$", words(await mail_about(loop, address, "Your code")), re.MULTILINE)
    assert code is not None
    own = (await enter_code(browser, code[1])).headers["location"]
    html, pdf = await read(browser, own), await read(browser, own, "pdf")
    assert NAME in html.text
    assert "Invented chair-1" in html.text, "the name of the chair is the directory's"
    assert pdf.content.startswith(b"%PDF")

    (shown,) = await room.get(path, **SUPPORT)
    assert (shown["email"], shown["sent_by"], shown["revoked_at"]) == (address, "support-1", None)
    assert [opening["form"] for opening in shown["openings"]] == ["html", "pdf"]

    stop = f"{path.split('/')[2]}/papers/{link['id']}/revoke"
    assert (await room.ask("POST", f"/v1/{stop}", **SUPPORT)).status_code == 204
    assert (await read(browser, own)).status_code == 404
    page = await browser.get(by_email)
    assert page.status_code == 404
    assert "This link was stopped" in page.text
    assert (await room.get(path, **SUPPORT))[0]["revoked_at"] is not None


async def test_the_record_of_a_conference(running: Running) -> None:
    async with conferences_loop(running) as loop:
        held = await hold_with_record(loop.desk)
        await held.complete()
        body = {"paper": "record", "recipients": [held.doctor]}
        await given_read_and_stopped(loop, loop.desk, held.path, DOCTOR, body)


async def test_the_record_of_a_review(running: Running) -> None:
    async with reviews_loop(running) as loop:
        path = await written(loop.office, "P1")
        body = {"recipients": [{"name": "Ode Marlowe", "role": "Foster carer", "email": CARER}]}
        await given_read_and_stopped(loop, loop.office, f"{path}/papers", CARER, body)
