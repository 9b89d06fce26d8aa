"""Mail: rendered messages handed to an SMTP sink, against building and sending each alone."""

import asyncio
import time
from email.message import EmailMessage
from uuid import uuid4

import aiosmtplib

from bench.http import Result
from bench.system import migrated, program
from chassis.base import logs
from chassis.process import working
from deploy.local.postgres import Server
from services.notifications.mailer.outcomes import Mail
from services.notifications.mailer.queue import Mailer
from services.notifications.mailer.smtp import Smtp
from services.notifications.settings import NotificationsSettings

COUNT = 1500
NAIVE_COUNT = 300
HTML = "<p>" + "An escalation about a missing report. " * 120 + "</p>"
QUEUE = """
    INSERT INTO message
        (id, template, recipient_id, address, subject, html, text, state, queued_at, due_at, tries, attempts)
    SELECT gen_random_uuid(), 'quarterly', 'o', 'officer-' || n || '@example.org', 'Escalations ' || n, $2, $3,
        'queued', now(), now(), 0, '[]' FROM generate_series(1, $1::int) n
"""
TEXT = "An escalation about a missing report.\n" * 100


async def _naive(port: int) -> float:
    began = time.perf_counter()
    for number in range(NAIVE_COUNT):
        mail = EmailMessage()
        mail["From"], mail["To"] = "chairs@localhost", f"officer-{number}@example.org"
        mail["Subject"] = f"Escalations {number}"
        mail.set_content(TEXT)
        mail.add_alternative(HTML, subtype="html")
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=port, start_tls=False, use_tls=False)
    return NAIVE_COUNT / (time.perf_counter() - began)


async def _handed_over(port: int) -> float:
    """Rendered messages handed over by our way of sending."""
    settings = NotificationsSettings(smtp_port=port, smtp_security="none", mail_from="Chairs <chairs@localhost>")
    way = Smtp(settings)
    mails = [Mail(uuid4(), f"officer-{n}@example.org", f"Escalations {n}", HTML, TEXT) for n in range(COUNT)]

    async def work_off() -> None:
        while mails:
            await way.send(mails.pop())

    began = time.perf_counter()
    await asyncio.gather(*(work_off() for _ in range(settings.mail_connections)))
    seconds = time.perf_counter() - began
    await way.close()
    return COUNT / seconds


async def _from_the_queue(running: Server, port: int) -> float:
    """The same from the database's queue, each by lease and with its fate written down durably."""
    settings = await migrated(
        running, "notifications", "bench_mail", smtp_port=port, smtp_security="none", mails_per_second=0
    )
    logs.set_up(settings)
    async with working(settings) as work:
        await work.database.statements.rows(QUEUE, COUNT, HTML, TEXT)
        mailer = Mailer(work, way := Smtp(settings))  # type: ignore[arg-type]
        began, sent = time.perf_counter(), 0
        while taken := await mailer.send_due():
            sent += taken
        seconds = time.perf_counter() - began
        await way.close()
    return sent / seconds


async def measure(running: Server) -> list[Result]:
    """All of it; the sink is the same, in a process of its own."""
    async with program("sink", {}, "/") as sink:
        port = int(sink.url.rpartition(":")[2]) + 1
        naive, handed, queued = await _naive(port), await _handed_over(port), await _from_the_queue(running, port)
    return [
        Result("mail, rendered messages to a sink", "aiosmtplib, one connection each", handed, naive, "/s", "≥ 4"),
        Result("mail, from the queue with its log", "the same", queued, naive, "/s", "≥ 1"),
    ]
