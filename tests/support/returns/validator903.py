"""The sector's own validator of the SSDA903 return (csc-validator-be-903), run in an environment of its own.

It wants old libraries that nothing else here does, so it is never installed beside the project's. Its environment is
made on first use in the user's cache folder, or in the one that VALIDATOR903_HOME names, from hashed requirements:

    uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
        - -o requirements-validator903.txt <<< csc-validator-be-903
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.returns.own_environment import python_of

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements-validator903.txt"
RUNNER = HERE / "run_validator903.py"
CAMBRIDGESHIRE = "E10000003"
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
        [python_of("validator903", REQUIREMENTS), "-I", RUNNER],
        input=json.dumps([submitted._asdict() for submitted in returns]),
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
