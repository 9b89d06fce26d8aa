"""A second whole system beside whatever else runs here: it outlives crashes, stops cleanly and starts again at once."""

import json
import os
import re
import shutil
import signal
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
            self.supervisor = subprocess.Popen(
                self.command("run"), cwd=PROJECT, env=self.environment(), stdout=output, stderr=output
            )
        eventually(lambda: "Ctrl-C stops everything." in self.said() or self.supervisor.poll() is not None)
        assert self.supervisor.poll() is None, self.said()

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


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    # PostgreSQL may run as another user, who must be able to come here.
    home = Path(tempfile.mkdtemp(prefix="chairs-system-"))
    home.chmod(0o711)
    folder = home / "data"
    folder.mkdir()
    (folder / "demo-loaded").touch()
    system = System(folder, Ports(**{one.name: postgres.free_port() for one in fields(Ports)}))
    try:
        system.start()
        yield system
    finally:
        subprocess.run(system.command("clean"), cwd=PROJECT, env=system.environment(), check=True)
        assert not folder.exists()
        shutil.rmtree(home)


def test_it_says_where_everything_is(system: System) -> None:
    for address in (f"{system.ports.public_url}/docs", system.ports.mailbox_url, "/development/sign-in/chair"):
        assert address in system.said()
    assert httpx.get(system.ports.mailbox_url).status_code == 200
    granted = httpx.get(f"{system.ports.public_url}/development/sign-in/chair").json()
    assert granted["subject"] == "chair-01"
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert httpx.get(f"{system.ports.public_url}/v1/escalations", headers=headers).status_code == 200


def test_a_second_run_is_refused_in_one_sentence(system: System) -> None:
    second = subprocess.run(
        system.command("run"), cwd=PROJECT, env=system.environment(), capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert re.fullmatch(r"The system already runs in .* \(process \d+\): .*\n", second.stderr)


def test_a_killed_service_and_a_killed_database_come_back(system: System) -> None:
    before = {name: system.process(name) for name in ("escalations", "postgres")}
    for killed in before.values():
        os.kill(killed, signal.SIGKILL)
    eventually(lambda: all(f"{name} is back." in system.said() for name in ("escalations", "PostgreSQL")))
    eventually(system.is_whole)
    assert all(system.process(name) != killed for name, killed in before.items())


def test_it_starts_again_at_once_after_a_kill_and_then_stops_cleanly(system: System) -> None:
    earlier = [process for process in system.everything() if process.pid != system.process("postgres")]
    system.stop(signal.SIGKILL)
    system.start()
    assert system.is_whole()
    assert not any(process.is_running() for process in earlier)
    everything = system.everything()
    assert len(everything) == 5
    assert system.stop(signal.SIGINT) == 0
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in everything)
    assert system.said().endswith("Everything is stopped.\n")


def test_a_taken_port_is_one_sentence(system: System, tmp_path: Path) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", system.ports.mailbox))
        other.listen()
        refused = subprocess.run(
            [sys.executable, "-m", "deploy", "run", "--folder", str(tmp_path / "other")],
            cwd=PROJECT,
            env=system.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert refused.returncode == 2
    assert f"Port {system.ports.mailbox}, which the mailbox's page needs, is taken" in refused.stderr
    assert refused.stderr.count("\n") == 1
