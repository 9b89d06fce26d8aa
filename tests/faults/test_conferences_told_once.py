"""Whoever is killed while conferences are closed: each confirmed proposal becomes one escalation, known on both sides."""

import asyncio
import os
import random
import signal
from pathlib import Path

from deploy.local import postgres as launcher
from tests.support.faults.council import NAMES, Closing, Council, council, pause
from tests.support.waiting import PATIENCE, eventually

SEED = 20190401
CONFERENCES = 200
POSTGRESQL = "postgresql"
# In an order that is drawn.
KILLED = (*NAMES, "escalations", POSTGRESQL) * 2
# So many conferences are closed and decided around each kill, which comes when some of them are.
AROUND_EACH, FIRST = 18, 10
LONGEST_DOWN = 1.0
# Beyond every pause after the first five failures, and beyond every lease.
LATER = 6.5 * 3600
# A worker that has something to tell and can tell it is never quiet for so long.
QUIET_SECONDS = 5
SECONDS = 10 * PATIENCE


async def test_each_confirmed_proposal_is_raised_once_whoever_is_killed(own_server: tuple[Path, int]) -> None:
    server = await launcher.start(*own_server)
    chance = random.Random(SEED)

    async def kill(victim: str) -> None:
        nonlocal server
        if victim == POSTGRESQL:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            server = await launcher.start(*own_server)
        else:
            running.processes[victim].kill()
            await pause(chance, LONGEST_DOWN)
            await running.processes[victim].start()

    async with asyncio.timeout(SECONDS), council(server) as running, running.desk() as desk:
        closing = Closing(desk)
        await closing.hold(CONFERENCES)
        async with asyncio.TaskGroup() as group:
            group.create_task(closing.close_all())
            for victim in chance.sample(KILLED, len(KILLED)):
                before, closing.allowed = closing.allowed, closing.allowed + AROUND_EACH
                await closing.reached(before + chance.randint(1, FIRST))
                await kill(victim)
            closing.allowed = CONFERENCES
        assert closing.trouble, "a chair has to try again while there is no database"
        await settled(running)
        await check_raised_once(running, closing)
        await check_known_on_both_sides(running, closing)


async def settled(running: Council) -> None:
    """Wait until nobody waits to be told anything; what was put off is tried at a later time.

    Each is killed once more while the others run: whoever begins with nobody there puts everything off again.
    """
    for _ in range(7):
        # Whoever is asked is never ahead of whoever asks: nothing is raised on a day that has not come.
        for name in reversed(NAMES):
            running.processes[name].kill()
            await running.processes[name].start(later=LATER)
            if await nothing_waits_once_quiet(running):
                return
    raise AssertionError(f"Something waits still: {await waiting(running)}")


async def nothing_waits_once_quiet(running: Council) -> bool:
    """Whether nobody waits for anything any more, once it no longer becomes less."""
    before = await waiting(running)
    while before:

        async def is_less(than: int = before) -> bool:
            return await waiting(running) < than

        if not await eventually(is_less, QUIET_SECONDS, every=0.1):
            return False
        before = await waiting(running)
    return True


async def waiting(running: Council) -> int:
    """How many events are not told yet, and how many confirmed proposals not raised."""
    confirmed = await running.rows("conferences", "SELECT 1 FROM proposal WHERE state = 'confirmed'")
    return len(confirmed) + sum((await running.waiting()).values())


async def check_raised_once(running: Council, closing: Closing) -> None:
    """One escalation for each proposal whose confirmation was acknowledged, and no other; each was told once."""
    raised = await running.rows("escalations", "SELECT reference, proposal_id::text AS proposal FROM escalation")
    assert sorted(row["proposal"] for row in raised) == sorted(closing.confirmed)
    assert len({row["reference"] for row in raised}) == len(raised)
    published = await running.rows("escalations", "SELECT data->>'proposal_id' AS proposal, type FROM chassis.outgoing")
    assert sorted(row["proposal"] for row in published) == sorted(closing.confirmed)
    assert {row["type"] for row in published} == {"escalation.raised"}


async def check_known_on_both_sides(running: Council, closing: Closing) -> None:
    """Every proposal says which escalation it became, and changed once for each thing that became of it."""
    raised = await running.rows("escalations", "SELECT reference, proposal_id::text AS proposal FROM escalation")
    proposals = await running.rows(
        "conferences", "SELECT id::text AS id, state, escalation_reference, version FROM proposal"
    )
    by_state = {
        state: {row["id"]: row["escalation_reference"] for row in proposals if row["state"] == state}
        for state in {row["state"] for row in proposals}
    }
    assert by_state.keys() == {"raised", "dismissed"}
    assert by_state["raised"] == {row["proposal"]: row["reference"] for row in raised}
    assert by_state["dismissed"].keys() == closing.dismissed
    assert {(row["state"], row["version"]) for row in proposals} == {("raised", 3), ("dismissed", 2)}
    links = await running.rows("conferences", "SELECT reference FROM raised_escalation")
    assert sorted(row["reference"] for row in links) == sorted(row["reference"] for row in raised)
    assert await running.rows("conferences", "SELECT 1 FROM deadline WHERE kind = 'proposals'") == []
