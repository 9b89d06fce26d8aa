"""The mailbox keeps every message and shows it without letting it do anything."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from deploy.local.mailbox.app import PER_PAGE, application
from deploy.local.mailbox.store import Store
from tests.support.serving import free_port, listening
from tests.support.waiting import PATIENCE


def message(to: str = "officer-1@example.org", subject: str = "Your quarter: Überblick") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "chairs@example.org", to, subject
    mail["Date"], mail["Message-ID"] = "Mon, 06 Apr 2020 07:00:00 +0000", "<one@example.org>"
    mail.set_content("Please answer: http://localhost:8000/answer/abc\n<script>alert(1)</script>")
    mail.add_alternative("<p>Please <a href='http://localhost:8000/answer/abc'>answer</a></p>", subtype="html")
    return mail


@pytest.fixture
async def smtp_port() -> int:
    return free_port()


@pytest.fixture
async def mailbox(tmp_path: Path, smtp_port: int) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        listening(application(tmp_path, smtp_port)) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client,
    ):
        yield client


async def page_of(mailbox: httpx.AsyncClient, folder: Path) -> str:
    [identifier] = Store(folder).identifiers()
    return f"/messages/{identifier}"


async def test_a_message_is_kept_as_it_was_sent(mailbox: httpx.AsyncClient, smtp_port: int, tmp_path: Path) -> None:
    await aiosmtplib.send(message(), hostname="127.0.0.1", port=smtp_port)
    [file] = tmp_path.glob("*.eml")
    assert b"Message-ID: <one@example.org>" in file.read_bytes()
    listed = (await mailbox.get("/")).text
    for part in ("officer-1@example.org", "Your quarter: Überblick", "Mon 6 Apr 2020, 08:00", "1 message"):
        assert part in listed


async def test_both_copies_of_a_message_are_shown(mailbox: httpx.AsyncClient, smtp_port: int, tmp_path: Path) -> None:
    for _ in range(2):
        await aiosmtplib.send(message(), hostname="127.0.0.1", port=smtp_port)
    assert len(list(tmp_path.glob("*.eml"))) == 2
    assert "2 messages" in (await mailbox.get("/")).text


async def test_the_html_runs_nothing_and_loads_nothing(mailbox: httpx.AsyncClient, tmp_path: Path) -> None:
    Store(tmp_path).keep(message().as_bytes())
    address = await page_of(mailbox, tmp_path)
    shown = await mailbox.get(address)
    assert f'<iframe src="{address}/html"' in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    frame = await mailbox.get(f"{address}/html")
    policy = frame.headers["content-security-policy"]
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert frame.text.startswith('<base target="_blank">')


async def test_the_plain_text_has_links_and_no_markup(mailbox: httpx.AsyncClient, tmp_path: Path) -> None:
    Store(tmp_path).keep(message().as_bytes())
    shown = await mailbox.get(await page_of(mailbox, tmp_path), params={"form": "text"})
    assert 'href="http://localhost:8000/answer/abc"' in shown.text
    assert "<script>" not in shown.text
    assert "&lt;script&gt;" in shown.text


async def test_the_source_is_shown(mailbox: httpx.AsyncClient, tmp_path: Path) -> None:
    Store(tmp_path).keep(message().as_bytes())
    shown = await mailbox.get(await page_of(mailbox, tmp_path), params={"form": "source"})
    assert "Content-Type: multipart/alternative" in shown.text


async def test_what_is_no_message_is_not_found(mailbox: httpx.AsyncClient) -> None:
    for identifier in ("00000000000000000001-000001", "%2e%2e%2fsecrets", "secrets.json"):
        assert (await mailbox.get(f"/messages/{identifier}")).status_code == 404


async def test_thousands_of_messages_are_paged_and_filtered(mailbox: httpx.AsyncClient, tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(3000):
        store.keep(f"To: officer-{number}@example.org\r\nSubject: Number {number}\r\n\r\nWords\r\n".encode())
    first = (await mailbox.get("/")).text
    assert "3000 messages, page 1 of 60" in first
    assert first.index("Number 2999") < first.index("Number 2998")
    assert f"Number {2999 - PER_PAGE}<" not in first
    last = (await mailbox.get("/", params={"page": 99})).text
    assert "page 60 of 60" in last
    assert "Number 0<" in last
    found = (await mailbox.get("/", params={"to": "OFFICER-2998@"})).text
    assert "1 message " in found
