"""Messages after they were sent: bounces, suppressed addresses, sending again, and callbacks."""

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.notifications.mailer import smtp
from tests.support.journeys.loop import Loop, Postbox, smtp_server, whole_loop, words
from tests.support.notifications.mailing import ADDRESS, Mailing, mailing
from tests.support.running import Running
from tests.support.serving import free_port
from tests.support.settings import COUNCIL, OF_THE_COUNCIL

BOUNCES = "bounces@example.org"


@pytest.fixture
async def post(running: Running) -> AsyncIterator[tuple[Mailing, Postbox]]:
    async with smtp_server() as (postbox, port):
        changes = {"smtp_port": port, "smtp_security": "none", "mails_per_second": 0, "mail_bounces_to": BOUNCES}
        client = await running("notifications", **changes, **OF_THE_COUNCIL)
        async with mailing(client) as sending:
            yield sending, postbox


def report(to: str, *, action: str, status: str, original: EmailMessage | None = None) -> bytes:
    """A delivery-status mail as RFC 3464 describes it."""
    mail = MIMEMultipart("report")
    mail.set_param("report-type", "delivery-status")
    mail["From"], mail["To"], mail["Subject"] = "MAILER-DAEMON@mx.example.org", to, "Undelivered Mail"
    mail.attach(MIMEText("I could not deliver your message."))
    per_message, per_recipient = Message(), Message()
    per_message["Reporting-MTA"] = "dns; mx.example.org"
    per_recipient["Final-Recipient"] = f"rfc822; {ADDRESS}"
    per_recipient["Action"], per_recipient["Status"] = action, status
    status_part = MIMEBase("message", "delivery-status")
    status_part.set_payload([per_message, per_recipient])
    mail.attach(status_part)
    if original is not None:
        returned = MIMEBase("message", "rfc822")
        returned.set_payload([original])
        mail.attach(returned)
    return mail.as_bytes()


async def bounced(sending: Mailing, raw: bytes, kind: str = "message/rfc822") -> httpx.Response:
    headers = sending.client.as_(Role.ADMINISTRATOR) | {"Content-Type": kind}
    return await sending.client.post("/v1/messages/bounces", content=raw, headers=headers)


async def rows(sending: Mailing, statement: str) -> list[Any]:
    return await sending.client.process.database.statements.rows(statement)


REPORTS = [
    # No such address: for good.
    ("failed", "5.1.1", "bounced", True),
    # The inbox was full until the server gave up: not for good.
    ("failed", "4.2.2", "bounced", False),
    # It is late, and may still arrive.
    ("delayed", "4.4.1", "sent", False),
    # It arrived, and the server says so.
    ("delivered", "2.0.0", "sent", False),
]


@pytest.mark.parametrize("named_by", ["its recipient", "what it returns"])
async def test_a_delivery_status_mail_marks_its_message(post: tuple[Mailing, Postbox], named_by: str) -> None:
    sending, postbox = post
    for action, status, state, permanent in REPORTS:
        message = await sending.queue()
        await sending.send()
        if named_by == "its recipient":
            raw = report(f"bounces+{message}@example.org", action=action, status=status)
        else:
            raw = report(BOUNCES, action=action, status=status, original=postbox.mails[-1])
        answer = await bounced(sending, raw)
        assert answer.status_code == 200, answer.text
        found = [str(message)] if state == "bounced" else []
        assert answer.json() == {"message_ids": found, "permanent": permanent}
        assert (await sending.row(message))["state"] == state
        suppressed = await rows(sending, "SELECT address FROM suppression")
        assert [row["address"] for row in suppressed] == ([ADDRESS] if permanent else [])
        await rows(sending, "DELETE FROM suppression")


async def test_a_bounce_is_told_once_without_the_address(post: tuple[Mailing, Postbox]) -> None:
    sending, _ = post
    message = await sending.queue()
    await sending.send()
    raw = report(f"bounces+{message}@example.org", action="failed", status="5.1.1")
    for _ in range(2):
        assert (await bounced(sending, raw)).status_code == 200
    (event,) = await rows(sending, "SELECT type, data FROM chassis.outgoing")
    assert event["type"] == "message.bounced"
    assert str(message) in event["data"]
    assert ADDRESS not in event["data"]


async def test_the_envelope_names_the_message_so_that_its_bounce_can_be_known(
    post: tuple[Mailing, Postbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    sending, _ = post
    senders = []

    async def kept(self: Postbox, server: Any, session: Any, envelope: Any) -> str:
        senders.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 kept"

    monkeypatch.setattr(Postbox, "handle_DATA", kept)
    message = await sending.queue()
    await sending.send()
    assert senders == [(f"bounces+{message}@example.org", [ADDRESS])]


async def test_the_sender_is_the_council_and_replies_go_to_its_address_for_questions(
    post: tuple[Mailing, Postbox],
) -> None:
    sending, postbox = post
    await sending.queue()
    await sending.send()
    mail = postbox.mails[-1]
    assert mail["From"] == f"{COUNCIL.name} <chairs@localhost>"
    assert mail["Reply-To"] == COUNCIL.questions_email


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"Subject: Hello\r\n\r\nHello", "message/rfc822", 400),
        (b"", "message/rfc822", 400),
        (bytes(range(256)) * 4, "message/rfc822", 400),
        (b"{}", "application/json", 415),
        (b"Content-Type: message/delivery-status\r\n\r\n", "message/rfc822", 200),
        (report(f"bounces+{UUID(int=7)}@example.org", action="failed", status="5.1.1"), "message/rfc822", 200),
    ],
    ids=["an ordinary mail", "an empty one", "noise", "no mail at all", "nothing in it", "about none of ours"],
)
async def test_what_is_no_report_about_us_changes_nothing(
    post: tuple[Mailing, Postbox], raw: bytes, kind: str, status: int
) -> None:
    sending, _ = post
    answer = await bounced(sending, raw, kind)
    assert answer.status_code == status, answer.text
    assert await rows(sending, "SELECT * FROM suppression") == []


def last_quarter() -> tuple[str, Any]:
    quarter = period_of(PeriodKind.QUARTER, clock.today()).previous()
    return quarter.label, quarter.first + timedelta(days=10)


def link(mail: EmailMessage) -> str:
    found = re.search(r"/answer/[\w-]{30,}", words(mail))
    assert found
    return found.group()


async def only_message(loop: Loop) -> dict[str, Any]:
    manager = loop.notifications.as_(Role.TEAM_MANAGER)
    (message,) = (await loop.notifications.get("/v1/messages", headers=manager)).json()["items"]
    found: dict[str, Any] = message
    return found


async def test_sending_again_makes_a_fresh_link_and_the_old_one_works_on(running: Running) -> None:
    async with whole_loop(running) as loop:
        label, day = last_quarter()
        await loop.raise_one(day)
        await loop.run("send_quarterly_escalations", label)
        (first,) = await loop.mails_to(ADDRESS)
        message, manager = await only_message(loop), loop.notifications.as_(Role.TEAM_MANAGER)
        answer = await loop.notifications.post(f"/v1/messages/{message['id']}/resend", headers=manager)
        assert answer.status_code == 202, answer.text
        second = (await loop.mails_to(ADDRESS, 2))[1]
        assert second["Subject"] == first["Subject"]
        assert second["Message-ID"] != first["Message-ID"]
        assert link(second) != link(first)
        for mail in (first, second):
            assert (await loop.escalations.get(link(mail), follow_redirects=True)).status_code == 200
        again = await loop.notifications.get(f"/v1/messages/{answer.json()['id']}", headers=manager)
        assert again.json()["resent_from"] == message["id"]


async def test_to_a_suppressed_address_nothing_is_sent_until_that_is_lifted(running: Running) -> None:
    async with whole_loop(running) as loop:
        label, day = last_quarter()
        await loop.raise_one(day)
        client, manager = loop.notifications, loop.notifications.as_(Role.TEAM_MANAGER)
        wanted = {"address": "Officer-1@example.org", "reason": "Asked by telephone."}
        for _ in range(2):
            assert (await client.post("/v1/messages/suppressions", json=wanted, headers=manager)).status_code == 201
        await loop.run("send_quarterly_escalations", label)
        message = await only_message(loop)
        assert (message["state"], message["address"], message["due_at"]) == ("suppressed", ADDRESS, None)
        links = await loop.escalations.process.database.statements.rows("SELECT id FROM answer_link")
        assert links == []
        resend = f"/v1/messages/{message['id']}/resend"
        assert (await client.post(resend, headers=manager)).status_code == 409
        assert loop.postbox.to(ADDRESS) == []
        lifted = {"address": ADDRESS}
        assert (await client.post("/v1/messages/suppressions/lift", json=lifted, headers=manager)).status_code == 204
        assert (await client.post("/v1/messages/suppressions/lift", json=lifted, headers=manager)).status_code == 404
        (mail,) = await loop.mails_to(ADDRESS)
        assert link(mail)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine that nobody signed but itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = clock.machine_now()
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    public = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return folder / "certificate.pem", context


async def handed_over(running: Running, security: str, account: Mapping[str, str], **server: Any) -> tuple[Any, int]:
    """How a message stands after it was sent to such a mail server, and how many that took."""
    postbox, port = Postbox(), free_port()
    controller = Controller(postbox, hostname="localhost", port=port, **server)
    controller.start()
    try:
        client = await running(
            "notifications", smtp_host="localhost", smtp_port=port, smtp_security=security, **account
        )
        async with mailing(client) as sending:
            message = await sending.queue()
            await sending.send()
            return await sending.row(message), len(postbox.mails)
    finally:
        controller.stop()


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_over_the_network_a_message_leaves_only_encrypted_to_a_server_that_is_known(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    trusted, context = certificate(tmp_path)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    row, taken = await handed_over(running, "starttls", {}, tls_context=context, require_starttls=True)
    assert row["state"] == ("sent" if is_trusted else "queued")
    assert taken == (1 if is_trusted else 0)


ACCOUNT = ("chairs@example.org", "planted-password")


def signed_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    """A mail server that knows one account."""
    known = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == ACCOUNT
    return AuthResult(success=known)


@pytest.mark.parametrize(
    ("security", "password"), [("starttls", ACCOUNT[1]), ("tls", ACCOUNT[1]), ("starttls", "wrong")]
)
async def test_a_mail_server_that_wants_an_account_is_shown_it_over_the_encrypted_line(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, password: str
) -> None:
    trusted, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    # This mail server falls silent after a wrong password.
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 2)
    encrypted = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    asks = {"authenticator": signed_in, "auth_required": True, "auth_require_tls": security == "starttls"}
    account = {"smtp_username": ACCOUNT[0], "smtp_password": password}
    row, taken = await handed_over(running, security, account, **encrypted, **asks)
    is_right = password == ACCOUNT[1]
    assert (row["state"], taken) == (("sent", 1) if is_right else ("queued", 0))
    assert ACCOUNT[1] not in str(row)
