"""The generated part of the Python client, made from the API's document by its generator."""

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy import CannotRun

CLIENT = Path(__file__).parents[1] / "clients" / "python"
DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
GENERATED = CLIENT / "independent_chairs" / "generated"
CONFIGURATION = CLIENT / "generator.yaml"


def make() -> None:
    """Make it anew, unless it is newer than what it is made from; `CannotRun` if anything would be left out."""
    problems = GENERATED / "problems.py"
    sources = (DOCUMENT, CONFIGURATION, Path(__file__))
    # Tests that run at the same time make it once.
    with (CLIENT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if problems.exists() and problems.stat().st_mtime > max(source.stat().st_mtime for source in sources):
            return
        shutil.rmtree(GENERATED, ignore_errors=True)
        _generate()
        problems.write_text("\n".join(_problems(json.loads(DOCUMENT.read_text())["x-problems"])))


def _generate() -> None:
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    places = {"--path": DOCUMENT, "--config": CONFIGURATION, "--output-path": GENERATED}
    options = [str(word) for option in places.items() for word in option]
    ran = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise CannotRun(f"openapi-python-client left something out:\n{ran.stdout}{ran.stderr}")


def _problems(known: list[dict[str, Any]]) -> Iterator[str]:
    """A class for each type of problem."""
    yield '"""The types of problems, by name."""\n'
    yield "from independent_chairs.problem import ProblemError\n"
    for problem in known:
        name = problem["type"].rpartition("/")[2].title().replace("-", "")
        yield f'\nclass {name}(ProblemError):\n    """{problem["title"]}."""\n\n    type = "{problem["type"]}"\n'
