"""A whole local system beside whatever else runs here: its processes, its folder and its output."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

import httpx
import psutil

from deploy.local.topology import Ports
from tests.support.serving import free_port
from tests.support.waiting import PATIENCE

PROJECT = Path(__file__).parents[2]


def eventually(question: Callable[[], bool], seconds: float = PATIENCE) -> None:
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
        ports = {f"{field.name.upper()}_PORT": str(getattr(self.ports, field.name)) for field in fields(self.ports)}
        return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | ports

    def start(self) -> None:
        with self.output.open("wb") as output:
            supervisor = subprocess.Popen(
                self.command("run"), cwd=PROJECT, env=self.environment(), stdout=output, stderr=output
            )
        self.supervisor = supervisor
        # The demonstration takes its time where other tests run at the same time.
        eventually(lambda: "Ctrl-C stops everything." in self.said() or supervisor.poll() is not None, 10 * PATIENCE)
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
        return self.supervisor.wait(PATIENCE)

    def process(self, name: str) -> int:
        if name == "postgres":
            return int((self.folder / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])
        return int(json.loads((self.folder / f"processes/{name}.json").read_text())["pid"])

    def is_whole(self) -> bool:
        try:
            ready = httpx.get(f"{self.ports.address('gateway')}/health/ready", timeout=PATIENCE).json()
        except httpx.HTTPError:
            return False
        return all(ready["services"].values())

    def everything(self) -> list[psutil.Process]:
        names = [place.stem for place in (self.folder / "processes").glob("*.json")]
        return [psutil.Process(self.process(name)) for name in [*names, "postgres"]]


@contextmanager
def new_system(*, demo: bool) -> Iterator[System]:
    """A system of one's own in a fresh folder, with or without the demonstration's records."""
    # PostgreSQL may run as another user, who must be able to come here.
    home = Path(tempfile.mkdtemp(prefix="chairs-system-"))
    home.chmod(0o711)
    folder = home / "data"
    folder.mkdir()
    if not demo:
        (folder / "demo-loaded").touch()
    system = System(folder, Ports(**{field.name: free_port() for field in fields(Ports)}))
    try:
        yield system
    finally:
        ended = subprocess.run(system.command("clean"), cwd=PROJECT, env=system.environment(), check=False)
        shutil.rmtree(home)
        assert ended.returncode == 0
