"""A second whole system beside whatever else runs here: it outlives crashes, stops cleanly and starts again at once."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local import postgres
from deploy.local.topology import Ports

PROJECT = Path(__file__).parents[2]


def eventually(question: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


@dataclass
class System:
    folder: Path
    ports: Ports
    supervisor: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> Path:
        return self.folder.parent / "output"

    def command(self, name: str) -> list[str]:
        return [sys.executable, "-m", "deploy", name, "--folder", str(self.folder)]

    def environment(self) -> dict[str, str]:
        ports = {f"{one.name.upper()}_PORT": str(getattr(self.ports, one.name)) for one in fields(self.ports)}
        return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ports

    def start(self) -> None:
        with self.output.open("wb") as output:
            supervisor = subprocess.Popen(
                self.command("run"), cwd=PROJECT, env=self.environment(), stdout=output, stderr=output
            )
        self.supervisor = supervisor
        eventually(lambda: "Ctrl-C stops everything." in self.said() or supervisor.poll() is not None)
        assert supervisor.poll() is None, self.said()

    def run_in_vain(self) -> str:
        ended = subprocess.run(
            self.command("run"), cwd=PROJECT, env=self.environment(), capture_output=True, text=True, check=False
        )
        assert ended.returncode == 2
        return ended.stderr

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, how: signal.Signals) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(how)
        return self.supervisor.wait(30)

    def process(self, name: str) -> int:
        if name == "postgres":
            return int((self.folder / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])
        return int(json.loads((self.folder / f"processes/{name}.json").read_text())["pid"])

    def is_whole(self) -> bool:
        try:
            ready = httpx.get(f"{self.ports.address('gateway')}/health/ready", timeout=5).json()
        except httpx.HTTPError:
            return False
        return all(ready["services"].values())

    def everything(self) -> list[psutil.Process]:
        names = [place.stem for place in (self.folder / "processes").glob("*.json")]
        return [psutil.Process(self.process(name)) for name in [*names, "postgres"]]


@pytest.fixture
def system() -> Iterator[System]:
    # PostgreSQL may run as another user, who must be able to come here.
    home = Path(tempfile.mkdtemp(prefix="chairs-system-"))
    home.chmod(0o711)
    folder = home / "data"
    folder.mkdir()
    (folder / "demo-loaded").touch()
    system = System(folder, Ports(**{one.name: postgres.free_port() for one in fields(Ports)}))
    try:
        yield system
    finally:
        ended = subprocess.run(system.command("clean"), cwd=PROJECT, env=system.environment(), check=False)
        shutil.rmtree(home)
        assert ended.returncode == 0


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
    assert httpx.get(system.ports.mailbox_url).status_code == 200
    granted = httpx.get(f"{system.ports.public_url}/development/sign-in/chair").json()
    assert granted["subject"] == "chair-01"
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert httpx.get(f"{system.ports.public_url}/v1/escalations", headers=headers).status_code == 200


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
    assert len(everything) == 5
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
