"""What ops see of a process: request ids, metrics by route, health, loops that go on, and logs that name nobody."""

import asyncio
import io
import json
import logging
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import pytest
import structlog

from chassis import worker
from chassis.access.callers import Role
from chassis.base import logs
from chassis.base.settings import Settings
from chassis.process import Process
from tests.support.chassis.notes import SERVICE
from tests.support.running import DatabaseOf, Running
from tests.support.waiting import eventually


async def test_a_request_keeps_its_id_or_is_given_one(running: Running) -> None:
    notes = await running(SERVICE)
    headers = notes.as_(Role.CHAIR)
    given = await notes.get("/v1/notes", headers=headers | {"X-Request-Id": "from-outside-1"})
    assert given.headers["X-Request-Id"] == "from-outside-1"
    for unsound in ("short", "with spaces in it", "x" * 200):
        fresh = await notes.get("/v1/notes", headers=headers | {"X-Request-Id": unsound})
        assert fresh.headers["X-Request-Id"] not in {unsound, ""}


async def test_requests_are_counted_by_route_and_never_by_path(running: Running) -> None:
    notes = await running(SERVICE)
    await notes.get("/v1/notes/4711", headers=notes.as_(Role.CHAIR))
    await notes.get("/somewhere/4712")
    text = (await notes.get("/metrics")).text
    assert (
        'http_request_duration_seconds_count{method="GET",route="/v1/notes/{number}",service="notes",status="404"}'
        in text
    )
    assert 'route="unknown",service="notes",status="404"' in text
    assert "/4711" not in text
    assert "/4712" not in text
    assert 'database_connections_in_use{engine="write",service="notes"}' in text


async def test_ready_means_reachable_and_migrated(running: Running, database_of: DatabaseOf) -> None:
    notes = await running(SERVICE)
    assert (await notes.get("/health/ready")).json() == {"checks": {"database": True, "migrated": True, "loops": True}}
    settings = await database_of(SERVICE)
    behind = await running(SERVICE, settings)
    owner = await behind.process.database.listen_connection()
    await owner.close()
    import asyncpg

    connection = await asyncpg.connect(settings.migration_database_url.get_secret_value())
    await connection.execute("UPDATE chassis.alembic_version SET version_num = '0000'")
    await connection.close()
    answer = await behind.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"database": True, "migrated": False, "loops": True})
    assert (await behind.get("/health/live")).status_code == 200


async def test_a_database_out_of_reach_is_unavailable_and_not_a_fault(running: Running) -> None:
    nowhere: Any = "postgresql://notes:development@127.0.0.1:1/notes"
    notes = await running(SERVICE, database_url=nowhere)
    answer = await notes.get("/v1/notes", headers=notes.as_(Role.CHAIR))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (await notes.get("/health/ready")).status_code == 503
    assert (await notes.get("/health/live")).status_code == 200


def idle() -> Process:
    """What a loop works with that touches nothing."""
    nothing: Any = None
    return Process(nothing, nothing, nothing, nothing, nothing)


def full_disk() -> TextIO:
    """A file on a disk without room: every write fails."""
    return Path("/dev/full").open("w", buffering=1)


class ReaderGone(io.TextIOWrapper):
    """A pipe whose reader has gone: every write fails."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        super().__init__(os.fdopen(writing, "wb", buffering=0), write_through=True)


@pytest.mark.parametrize("output", [full_disk, ReaderGone])
async def test_a_loop_goes_on_when_its_log_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, output: Callable[[], TextIO]
) -> None:
    """A full disk, and a reader of standard output that has gone."""
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.01)
    tries: list[int] = []

    async def breaks(_: Process) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError
        await asyncio.Event().wait()

    async def often() -> bool:
        return len(tries) == 3

    handlers, level = logging.root.handlers, logging.root.level
    broken = output()
    monkeypatch.setattr("sys.stdout", broken)
    try:
        logs.set_up(Settings(service_name="notes"))
        with pytest.raises(OSError, match=r"."):
            broken.write("a line\n")
        async with worker.running({"breaks": breaks}, idle()):
            assert await eventually(often)
        structlog.get_logger().warning("still_alive")
        logging.getLogger("uvicorn.error").warning("still alive")
    finally:
        monkeypatch.undo()
        logging.root.handlers = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()
        with suppress(OSError):
            broken.close()


async def test_a_loop_that_says_nothing_is_found_by_health_checks_and_figures(running: Running) -> None:
    silent = asyncio.Event()

    async def frozen(process: Process) -> None:
        process.beat(0.01)
        silent.set()
        await asyncio.Event().wait()

    notes = await running(replace(SERVICE, loops={"frozen": frozen}), worker_in_web=True)
    await silent.wait()

    async def is_found() -> bool:
        return (await notes.get("/health/live")).status_code == 503

    assert await eventually(is_found)
    answer = await notes.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["loops"]) == (503, False)
    figure = re.search(
        r'loop_overdue_seconds\{loop="frozen",service="notes"\} (\S+)', (await notes.get("/metrics")).text
    )
    assert figure is not None
    assert float(figure[1]) > 0


async def test_a_loop_that_breaks_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.01)
    tries: list[int] = []
    process = idle()

    async def breaks(_: Process) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError
        await asyncio.Event().wait()

    async def often() -> bool:
        return len(tries) == 3

    async with worker.running({"breaks": breaks}, process):
        assert await eventually(often)


async def test_loops_put_their_things_in_order_when_they_are_stopped() -> None:
    kept: list[str] = []
    process = idle()

    async def tidy(_: Process) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            kept.append("tidy")

    async with worker.running({"tidy": tidy}, process):
        await asyncio.sleep(0)
    assert kept == ["tidy"]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Any:
    handlers, level = logging.root.handlers, logging.root.level
    logs.set_up(Settings(service_name="notes"))

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def test_only_known_keys_are_logged(lines: Any) -> None:
    structlog.get_logger().info("something", count=3, name="Robin Planted", body={"words": "Robin Planted"})
    (line,) = lines()
    assert (line["event"], line["count"], line["service"]) == ("something", 3, "notes")
    assert "Planted" not in json.dumps(line)


def test_errors_lose_their_words(lines: Any) -> None:
    try:
        raise ValueError("Robin Planted was born on 1 May")
    except ValueError as error:
        structlog.get_logger().warning("failed", exc_info=error)
        logging.getLogger("some.library").exception("Robin Planted: %s", "Planted")
    own, library = lines()
    assert own["error"] == library["error"] == "ValueError"
    assert own["place"].partition(":")[0].endswith("test_watching.py")
    assert library["event"] == "library_message"
    assert "Planted" not in json.dumps([own, library])
