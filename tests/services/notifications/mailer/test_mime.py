"""A message's source: two forms, one recipient, and no header but ours."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mailer.outcomes import Mail
from services.notifications.mailer.smtp import source
from tests.support.journeys.loop import words

NUMBER = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NOW = datetime(2024, 6, 10, 7, tzinfo=UTC)
SENDER = "Independent Chairs' service <chairs@example.org>"
READABLE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120)


def mail(**more: Any) -> Mail:
    given: dict[str, Any] = {"subject": "Hello", "html": "<p>Hello</p>", "text": "Hello\n"}
    return Mail(id=NUMBER, address="officer@example.org", **given | more)


def parsed(written: Mail, sender: str = SENDER, reply_to: str = "") -> EmailMessage:
    found = message_from_bytes(source(written, sender, reply_to, NOW), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_both_forms_are_there_and_the_last_is_preferred() -> None:
    found = parsed(mail())
    assert [part.get_content_type() for part in found.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert (words(found), words(found, "html")) == ("Hello\n", "<p>Hello</p>")
    assert not [part.defects for part in found.walk() if part.defects]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_a_calendar_entry_is_attached_with_its_method(method: str) -> None:
    entry = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n"
    found = parsed(mail(calendar=entry))
    assert (words(found), words(found, "html")) == ("Hello\n", "<p>Hello</p>")
    (attached,) = found.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "meeting.ics")
    assert dict(attached["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert attached.get_payload(decode=True) == entry.encode()


def test_it_says_who_it_is_from_and_that_a_machine_wrote_it() -> None:
    found = parsed(mail(), reply_to="Business Support <help@example.org>")
    assert found["From"].addresses[0].addr_spec == "chairs@example.org"
    assert found["From"].addresses[0].display_name == "Independent Chairs' service"
    assert found["Reply-To"].addresses[0].addr_spec == "help@example.org"
    assert [address.addr_spec for address in found["To"].addresses] == ["officer@example.org"]
    assert found["Message-ID"] == f"<{NUMBER}@example.org>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].datetime == NOW
    assert "Reply-To" not in parsed(mail())


@pytest.mark.parametrize(
    "text",
    [
        # Plain, and with the apostrophe of good print.
        "Hello",
        "A child’s care",
        # Other scripts, and signs beyond two bytes.
        "Żółć, Größe, 東京, 🙂",
        # Something that looks like an encoded word, and like a boundary.
        "=?utf-8?q?no?=",
        "--=_part_of_this_message_=--",
        # A dot alone, with which SMTP ends a message.
        ".",
        # Longer than any line may be.
        "word " * 400,
    ],
)
def test_words_arrive_as_they_were_written(text: str) -> None:
    found = parsed(mail(html=f"<p>{text}</p>", text=f"one\n{text}\ntwo\n"))
    assert words(found) == f"one\n{text}\ntwo\n"
    assert words(found, "html") == f"<p>{text}</p>"


@pytest.mark.parametrize(
    "subject",
    [
        "Hello",
        "A child’s care",
        "Żółć, Größe, 東京, 🙂",
        "ü" * 100,
        # Longer than a line that the standard library would fold, where it loses spaces.
        "Your answers — escalations — 2026/27 — Children’s Services — second — quarter — of — the — year",
    ],
)
def test_subjects_arrive_as_they_were_written(subject: str) -> None:
    assert parsed(mail(subject=subject))["Subject"] == subject


@given(READABLE, READABLE)
def test_any_words_arrive(subject: str, text: str) -> None:
    found = parsed(mail(subject=f"S{subject}E", text=text, html=text))
    assert words(found) == text
    if not subject.isascii():
        assert found["Subject"] == f"S{subject}E"


def test_no_line_is_longer_than_servers_take() -> None:
    raw = source(mail(subject="ü" * 200, text="x" * 5000, html="ü" * 5000), SENDER, "", NOW)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("second", ["Bcc: everybody@example.org", ""])
@pytest.mark.parametrize("field", ["subject", "address"])
def test_a_second_line_in_a_header_is_refused(field: str, second: str, end: str) -> None:
    broken = f"officer@example.org{end}{second}"
    given: dict[str, Any] = {"id": NUMBER, "address": "a@example.org", "subject": "s", "html": "", "text": ""}
    with pytest.raises(ValueError, match="linefeed"):
        source(Mail(**given | {field: broken}), SENDER, "", NOW)
    if field == "subject":
        with pytest.raises(ValueError, match="linefeed"):
            source(Mail(**given | {field: f"ü{broken}"}), SENDER, "", NOW)
