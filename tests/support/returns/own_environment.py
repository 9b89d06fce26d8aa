"""A tool of the sector's in an environment of its own: it wants old libraries that nothing else here does.

The environment is made on first use in the user's cache folder, from hashed requirements; its Python is the one for
which these are locked.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

# The numpy of both validators has no build for 3.12 or later; the requirements are locked for this one.
WANTED = "python3.11"
CAN_MAKE = "import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))"


def python_of(name: str, requirements: Path) -> Path:
    """The Python of an environment with these requirements; where there can be none the test says so, loudly."""
    found = _environment(name, requirements)
    return found if isinstance(found, Path) else _not_tested(found)


def _not_tested(why: str) -> NoReturn:
    reason = f"NOT TESTED AGAINST THE SECTOR'S VALIDATOR: {why}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _environment(name: str, requirements: Path) -> Path | str:
    """The Python of the environment, or why there is none."""
    home = _home(name)
    home.mkdir(parents=True, exist_ok=True)
    place = home / hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    python, whole = place / "bin" / "python", place / "installed"
    # Two workers that want it at the same time follow each other; the system gives the lock back when one dies.
    with (home / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (whole.exists() and python.exists()):
            if trouble := _make(place, python, requirements):
                return trouble
            whole.touch()
    return python


def _home(name: str) -> Path:
    if chosen := os.environ.get(f"{name.upper()}_HOME"):
        return Path(chosen)
    cached = os.environ.get("XDG_CACHE_HOME")
    return (Path(cached) if cached else Path.home() / ".cache") / "independent-chairs" / name


def _make(place: Path, python: Path, requirements: Path) -> str:
    """Make the environment anew; what went wrong, if anything did."""
    maker = _maker() or _installed_maker()
    if maker is None:
        return f"{WANTED} with its venv module is missing and could not be installed."
    make: list[str | Path] = [maker, "-m", "venv", "--clear", place]
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    for words in (make, [*install, "-r", requirements]):
        done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=600)
        if done.returncode:
            said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("WARNING")]
            return f"its environment could not be made: {' '.join(said[-3:])}"
    return ""


def _maker() -> str | None:
    """A Python of the wanted version that can make environments: this one, or one of those on the path."""
    found = [shutil.which(WANTED, path=folder) for folder in os.get_exec_path()]
    return next((program for program in [sys.executable, *found] if program and _can_make(program)), None)


def _can_make(python: str) -> bool:
    return subprocess.run([python, "-c", CAN_MAKE], check=False, capture_output=True, timeout=60).returncode == 0


def _installed_maker() -> str | None:
    """The same from the machine's packages, where we may install them, as for the browser."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for words in (["update"], ["install", "--yes", WANTED, f"{WANTED}-venv"]):
        subprocess.run(["apt-get", "-qq", *words], check=False, capture_output=True, timeout=300)
    return _maker()
