"""A second whole system beside whatever else runs here: it outlives crashes, stops cleanly and starts again at once."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.services import SERVICES
from tests.support.system import PROJECT, System, eventually, new_system
from tests.support.waiting import PATIENCE


@pytest.fixture
def system() -> Iterator[System]:
    with new_system(demo=False) as system:
        yield system


# The whole life of a system is one test, because starting one takes a while.
def test_it_outlives_crashes_starts_again_at_once_and_stops_cleanly(system: System) -> None:
    system.start()
    it_says_where_everything_is(system)
    a_second_run_is_refused(system)
    what_is_killed_comes_back(system)
    it_starts_again_after_a_kill(system)
    it_stops_cleanly(system)


def it_says_where_everything_is(system: System) -> None:
    for address in (f"{system.ports.public_url}/docs", system.ports.mailbox_url, "/development/sign-in/chair"):
        assert address in system.said()
    assert httpx.get(system.ports.mailbox_url, timeout=PATIENCE).status_code == 200
    granted = httpx.get(f"{system.ports.public_url}/development/sign-in/chair", timeout=PATIENCE).json()
    assert granted["subject"] == "chair-01"
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert httpx.get(f"{system.ports.public_url}/v1/escalations", headers=headers, timeout=PATIENCE).status_code == 200


def a_second_run_is_refused(system: System) -> None:
    refused = system.run_in_vain()
    assert re.fullmatch(r"The system already runs in .* \(process \d+\): .*\n", refused)


def what_is_killed_comes_back(system: System) -> None:
    before = {name: system.process(name) for name in ("escalations", "postgres")}
    for killed in before.values():
        os.kill(killed, signal.SIGKILL)
    eventually(lambda: all(f"{name} is back." in system.said() for name in ("escalations", "PostgreSQL")))
    eventually(system.is_whole)
    assert all(system.process(name) != killed for name, killed in before.items())


def it_starts_again_after_a_kill(system: System) -> None:
    earlier = [process for process in system.everything() if process.pid != system.process("postgres")]
    system.stop(signal.SIGKILL)
    system.start()
    assert system.is_whole()
    assert not any(process.is_running() for process in earlier)


def it_stops_cleanly(system: System) -> None:
    everything = system.everything()
    # The gateway, the mailbox and PostgreSQL besides.
    assert len(everything) == len(SERVICES) + 3
    assert system.stop(signal.SIGINT) == 0
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in everything)
    assert system.said().endswith("Everything is stopped.\n")


def test_a_taken_port_is_one_sentence(system: System) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", system.ports.mailbox))
        other.listen()
        refused = system.run_in_vain()
    assert refused.startswith(f"Port {system.ports.mailbox}, which the mailbox's page needs, is taken")
    assert refused.count("\n") == 1


def test_clean_removes_nothing_where_no_system_ever_ran(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    subprocess.run([sys.executable, "-m", "deploy", "clean", "--folder", str(tmp_path)], cwd=PROJECT, check=True)
    assert (tmp_path / "precious").exists()
