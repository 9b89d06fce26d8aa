"""The same work by peers in the same run: lists and records, events, emails, and what passes a bare proxy."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from importlib.util import find_spec
from itertools import cycle

import aiosmtplib
import asyncpg
from aiohttp import web

from bench.load import SECONDS, Ask, Door, NotMeasured, load
from bench.reading import CHILD, read
from bench.system import System
from bench.table import Line
from bench.writing import CHALLENGE
from deploy.local.postgres import free_port

QUIETLY = ("--no-access-log", "--log-level", "warning", "--port")
GUNICORN = ("--threads", "16", "--no-control-socket", "--log-level", "warning", "--bind")
PEERS = {
    "FastAPI + SQLModel": ("fastapi", "uvicorn", "bench.peers.fastapi_sqlmodel:app", *QUIETLY),
    "Litestar + SQLAlchemy": ("litestar", "uvicorn", "bench.peers.litestar_sqlalchemy:app", *QUIETLY),
    "Django REST framework": ("rest_framework", "gunicorn", "bench.peers.django_rest", *GUNICORN),
}
# Seconds, after which a queue that tells nothing is given up.
LONGEST = 900
QUEUES = ("pgqueuer", "procrastinate")
TABLES = """
    DROP SCHEMA IF EXISTS peers CASCADE;
    CREATE SCHEMA peers;
    CREATE TABLE peers.challenge (LIKE public.challenge INCLUDING ALL);
    CREATE TABLE peers.event (id uuid PRIMARY KEY, type text, subject text, at timestamptz, data jsonb);
    INSERT INTO peers.challenge SELECT * FROM public.challenge;
"""
EVENTS = """
    INSERT INTO chassis.outgoing (id, type, subject, at, data)
    SELECT gen_random_uuid(), 'challenge.raised', 'CHA-2020-' || n, now(), '{}' FROM generate_series(1, $1::int) n
"""
MAILS = """
    INSERT INTO message
        (id, template, recipient_id, address, subject, html, text, state, queued_at, due_at, tries, attempts)
    SELECT gen_random_uuid(), 'bench', 'o', 'officer-' || n || '@example.org', 'Escalations ' || n, $2, $3, 'queued',
        now(), '2020-01-01', 0, '[]' FROM generate_series(1, $1::int) n
"""
SENT = """
    SELECT count(*) FILTER (WHERE sent_at IS NULL), extract(epoch FROM max(sent_at) - min(sent_at))::float
    FROM message WHERE template = 'bench'
"""
TEXT = "An escalation about a missing report.\n" * 100
HTML = "<p>" + "An escalation about a missing report. " * 120 + "</p>"
NGINX = """
    worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null; daemon off;
    events {{ }}
    http {{
        access_log off;
        upstream service {{ server {service}; keepalive 64; }}
        server {{
            listen 127.0.0.1:{port};
            location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
        }}
    }}
"""


async def comparing(system: System) -> list[Line]:
    """Every comparison."""
    return [*await _records(system), *await _gateway(system), *await _events(system), *await _emails(system)]


async def _records(system: System) -> list[Line]:
    """Challenges, asked of the service itself; it and its peers keep the event, and do not tell it meanwhile."""
    async with _alone(system, "escalations", WORKER_IN_WEB="false") as ours:
        lines = {"ours": await _asked(system, "ours", ours, "/v1/challenges")}
    await system.quiet()
    url = system.database("escalations")
    connection = await asyncpg.connect(url)
    await connection.execute(TABLES)
    await connection.close()
    for peer, (package, server, *words) in PEERS.items():
        if find_spec(package) is None:
            lines[peer] = [Line(f"{peer}: cannot be installed here")]
            continue
        port = free_port()
        address = f"127.0.0.1:{port}" if words[-1] == "--bind" else str(port)
        async with _beside(system, port, [sys.executable, "-m", server, *words, address], DATABASE_URL=url):
            lines[peer] = await _asked(system, peer, Door(f"http://127.0.0.1:{port}"), "/challenges")
    found = [line for asked in lines.values() for line in asked]
    for place, budget in enumerate(("≥ 1.2 times", "≥ 3 times", "≥ 4 times")):
        rate, *rates = (many[place].rate for many in lines.values() if len(many) > 1)
        what = f"{('raising', 'one', 'a list of 50')[place]} against the best peer"
        found.append(Line(what, budget=budget, found=rate / max(rates, default=rate)))
    return found


async def _asked(system: System, who: str, door: Door, path: str) -> list[Line]:
    """Lines about raising a challenge, reading it, and a list."""
    raising = cycle([Ask("POST", path, CHALLENGE | {"person_ids": [CHILD]})])
    (raised,) = (await load(door, iter([next(raising)]), 1)).answers
    return [
        await system.measured(f"{who}: raise a challenge", door, raising, raising, ""),
        await read(system, f"{who}: one challenge", door, [f"{path}/{raised['reference']}"], ""),
        await read(system, f"{who}: challenges, a list of 50", door, [f"{path}?limit=50"], ""),
    ]


async def _gateway(system: System) -> list[Line]:
    """One challenge through the gateway, and through a proxy that checks nothing."""
    nginx, outside, inside = shutil.which("nginx"), await system.gateway("chair"), system.behind("escalations", "chair")
    raising = Ask("POST", "/v1/challenges", CHALLENGE | {"person_ids": [CHILD]})
    (raised,) = (await load(outside, iter([raising]), 1)).answers
    path = f"/v1/challenges/{raised['reference']}"
    lines = [await read(system, "the gateway: one challenge", outside, [path], "")]
    if nginx is None:
        return [*lines, Line("nginx: is not installed here")]
    port, configuration = free_port(), system.folder / "nginx.conf"
    service = inside.url.removeprefix("http://")
    configuration.write_text(NGINX.format(folder=system.folder, service=service, port=port))
    async with _beside(system, port, [nginx, "-c", str(configuration), "-e", "/dev/null"]):
        through = replace(inside, url=f"http://127.0.0.1:{port}")
        return [*lines, await read(system, "nginx: one challenge", through, [path], "")]


async def _events(system: System) -> list[Line]:
    """Events as one signed request each to one subscriber."""
    url, count = system.database("notifications"), round(SECONDS * 200)
    async with _listening() as (address, arrived):
        administrator = await system.gateway("administrator")
        endpoint = Ask("POST", "/v1/webhook-endpoints", {"url": address, "event_types": ["challenge.raised"]})
        await load(administrator, iter([endpoint]), 1)
        async with _alone(system, "notifications", WEBHOOK_SUBSCRIBERS="[]"):
            connection = await asyncpg.connect(url)
            await connection.execute(EVENTS, count)
            rates = {"ours": await _rate(arrived, count)}
            await connection.execute("DELETE FROM webhook_endpoint")
            await connection.execute("CREATE SCHEMA IF NOT EXISTS peers")
            await connection.close()
        for queue in QUEUES:
            if find_spec(queue):
                command = [sys.executable, "-m", "bench.peers", f"{queue}_events", address, str(count)]
                process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
                rates[queue] = await _rate(arrived, count)
                await asyncio.to_thread(process.wait)
    lines = [Line(f"{who}: events, one by one, per second", found=rate) for who, rate in rates.items()]
    lines += [Line(f"{queue}: cannot be installed here") for queue in QUEUES if queue not in rates]
    if "pgqueuer" in rates:
        lines.append(Line("events against pgqueuer", budget="≥ 1 times", found=rates["ours"] / rates["pgqueuer"]))
    return lines


async def _rate(arrived: list[float], count: int) -> float:
    """How many requests came per second, once all are there; the list is empty again afterwards."""
    async with asyncio.timeout(LONGEST):
        while len(arrived) < count:
            await asyncio.sleep(0.01)
    rate = (count - 1) / (arrived[count - 1] - arrived[0])
    arrived.clear()
    return rate


async def _emails(system: System) -> list[Line]:
    """Emails from the queue, each with its fate written down, and the same by one connection each."""
    count, connection = round(SECONDS * 100), await asyncpg.connect(system.database("notifications"))
    await connection.execute(MAILS, count, HTML, TEXT)
    while (row := await connection.fetchrow(SENT))[0]:
        await asyncio.sleep(0.1)
    await connection.close()
    began, alone = time.perf_counter(), count // 5
    for number in range(alone):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "chairs@example.org", f"officer-{number}@example.org", "Escalations"
        mail.set_content(TEXT)
        mail.add_alternative(HTML, subtype="html")
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=system.ports.smtp, start_tls=False, use_tls=False)
    rates = count / row[1], alone / (time.perf_counter() - began)
    return [
        Line("ours: emails from the queue, per second", found=rates[0]),
        Line("aiosmtplib: emails, a connection for each, per second", found=rates[1]),
        Line("emails against one connection each", budget="≥ 1 times", found=rates[0] / rates[1]),
    ]


@asynccontextmanager
async def _beside(system: System, port: int, command: Sequence[str], **environment: str) -> AsyncIterator[None]:
    """A program that listens, for the length of a block; its CPU counts as well."""
    with (system.folder / "beside.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    system.beside = process.pid
    try:
        while not await _listens(port):
            if process.poll() is not None:
                raise NotMeasured((system.folder / "beside.log").read_text())
            await asyncio.sleep(0.1)
        yield
    finally:
        system.beside = None
        process.terminate()
        process.wait(20)


@asynccontextmanager
async def _alone(system: System, service: str, **environment: str) -> AsyncIterator[Door]:
    """A service as one process of its own, while the system's own one stands still."""
    process, port, here = system.processes()[service], free_port(), system.behind(service, "chair")
    given = process.environ() | {"PORT": str(port)} | environment
    process.suspend()
    try:
        async with _beside(system, port, [sys.executable, "-m", "deploy", "web", service], **given):
            yield replace(here, url=f"http://127.0.0.1:{port}")
    finally:
        process.resume()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def _listening() -> AsyncIterator[tuple[str, list[float]]]:
    """A subscriber: its address, and when each request came."""
    arrived: list[float] = []

    async def take(request: web.Request) -> web.Response:
        await request.read()
        arrived.append(time.perf_counter())
        return web.Response(status=204)

    app, port = web.Application(), free_port()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/", arrived
    finally:
        await runner.cleanup()
