"""The sector's own validator of the SSDA903 return (csc-validator-be-903), run in an environment of its own.

It wants old libraries that nothing else here does, so it is never installed beside the project's. Its environment is
made on first use in the user's cache folder, or in the one that VALIDATOR903_HOME names, from hashed requirements:

    uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
        - -o requirements-validator903.txt <<< csc-validator-be-903
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements-validator903.txt"
RUNNER = HERE / "run_validator903.py"
CAMBRIDGESHIRE = "E10000003"
# Its numpy has no build for 3.12 or later; the requirements are locked for this one.
WANTED = "python3.11"
CAN_MAKE = "import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))"
# All rules that look at the Reviews file.
REVIEW_RULES = frozenset({"166", "167", "399", "440", "441", "1012", "INT08", "INT17"})
# Two of its rules, of 2025 and 2026, ask for columns that no file has, so they always break down.
ALWAYS_BROKEN = {"231", "233"}

Failures = dict[str, list[dict[str, str | int]]]


class Return(NamedTuple):
    """Three files as they would be handed in, as CSV; the year is the one in which the collection year ends.

    The collection year 2019/20 is 2020. The validator has rules for 2023 to 2027: an earlier return is judged by the
    rules of 2023, a later one by those of 2027, each over the days of its own year. The authority is the one that
    hands the return in, by its nine-character code.
    """

    header: str
    episodes: str
    reviews: str
    year: int
    authority: str = CAMBRIDGESHIRE


def failures(header: str, episodes: str, reviews: str, year: int) -> Failures:
    """The failing rows of one return, by rule: each with its table, its line in the file, and all its columns."""
    return failures_of([Return(header, episodes, reviews, year)])[0]


def failures_of(returns: Sequence[Return]) -> list[Failures]:
    """The failing rows of several returns, in their order, found by one process."""
    done = subprocess.run(
        [_ready(), "-I", RUNNER],
        input=json.dumps([one._asdict() for one in returns]),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"The validator could not read a return:\n{done.stderr[-3000:]}"
    answers = json.loads(done.stdout)
    for answer in answers:
        # A rule that broke down, or was left out, found nothing because it did not look.
        broken = set(answer["broken"]) - ALWAYS_BROKEN
        assert broken == set(), f"Rules of the validator broke down: {broken}\n{done.stderr[-3000:]}"
        assert REVIEW_RULES.isdisjoint(answer["without_table"]), answer["without_table"]
    return [answer["failures"] for answer in answers]


def _ready() -> Path:
    found = _environment()
    return found if isinstance(found, Path) else _not_tested(found)


def _not_tested(why: str) -> NoReturn:
    reason = f"NOT TESTED AGAINST THE SECTOR'S VALIDATOR: {why}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _environment() -> Path | str:
    """The Python of the validator's environment, or why there is none."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    place = home / hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    python, whole = place / "bin" / "python", place / "installed"
    # Two workers that want it at the same time follow each other; the system gives the lock back when one dies.
    with (home / "making.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (whole.exists() and python.exists()):
            if trouble := _make(place, python):
                return trouble
            whole.touch()
    return python


def _home() -> Path:
    if chosen := os.environ.get("VALIDATOR903_HOME"):
        return Path(chosen)
    cached = os.environ.get("XDG_CACHE_HOME")
    return (Path(cached) if cached else Path.home() / ".cache") / "independent-chairs" / "validator903"


def _make(place: Path, python: Path) -> str:
    """Make the environment anew; what went wrong, if anything did."""
    maker = _maker() or _installed_maker()
    if maker is None:
        return f"{WANTED} with its venv module is missing and could not be installed."
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for words in ([maker, "-m", "venv", "--clear", place], [*install, "-r", REQUIREMENTS]):
        done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=600)
        if done.returncode:
            said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("WARNING")]
            return f"its environment could not be made: {' '.join(said[-3:])}"
    return ""


def _maker() -> str | None:
    """A Python of the wanted version that can make environments: this one, or one of those on the path."""
    found = [shutil.which(WANTED, path=folder) for folder in os.get_exec_path()]
    return next((one for one in [sys.executable, *found] if one and _can_make(one)), None)


def _can_make(python: str) -> bool:
    return subprocess.run([python, "-c", CAN_MAKE], check=False, capture_output=True, timeout=60).returncode == 0


def _installed_maker() -> str | None:
    """The same from the machine's packages, where we may install them, as for the browser."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for words in (["update"], ["install", "--yes", WANTED, f"{WANTED}-venv"]):
        subprocess.run(["apt-get", "-qq", *words], check=False, capture_output=True, timeout=300)
    return _maker()
