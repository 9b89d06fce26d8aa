"""The demonstration of a whole system, and what somebody is answered there."""

import subprocess
import sys
import time

import httpx

from tests.support.system import PROJECT, System
from tests.support.waiting import PATIENCE


def interrupt_loading(system: System, words: str) -> None:
    """Begin to load the demonstration, and kill it a moment after it has said this."""
    command = [sys.executable, "-m", "demo", "--gateway", system.ports.address("gateway")]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as loading:
        assert loading.stdout is not None
        assert any(words in line for line in loading.stdout), f"It never said: {words}"
        time.sleep(0.3)
        loading.kill()


def token(system: System, role: str) -> dict[str, str]:
    url = f"{system.ports.address('gateway')}/development/sign-in/{role}"
    found = httpx.get(url, headers={"Accept": "application/json"}, timeout=PATIENCE).json()["access_token"]
    return {"Authorization": f"Bearer {found}"}


def get(system: System, path: str, role: str = "team_manager") -> httpx.Response:
    return httpx.get(system.ports.address("gateway") + path, headers=token(system, role), timeout=PATIENCE)
