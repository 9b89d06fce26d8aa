r"""The sector's own validator of the CIN census (csc-validator-be-cin), run in an environment of its own.

It is never installed beside the project's libraries; its hashed requirements are made by:

    uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 \
        - -o requirements-validator-cin.txt <<< $'csc-validator-be-cin\nnumpy<2'
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.returns.own_environment import python_of

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements-validator-cin.txt"
RUNNER = HERE / "run_validator_cin.py"
# The parts of the census that this system owns; referrals, assessments and plans for children in need are others'.
OURS = frozenset({"Section47", "ChildProtectionPlans", "Reviews", "ChildIdentifiers", "ChildCharacteristics"})
# Of other parts, but about enquiries, disabilities and the header as they are written here.
OURS_TOO = frozenset({"8890", "8790", "8794", "100"})
# Both ask for what is none of ours: an assessment beside each enquiry; a referral beside each child.
OF_OTHERS = frozenset({"2991Q", "8590"})

Failures = dict[str, list[dict[str, str]]]


class Census(NamedTuple):
    """A census as it would be handed in, as XML; the year is the one in which the collection year ends."""

    census: str
    year: int


def failures_of(censuses: Sequence[Census]) -> list[Failures]:
    """What the rules about this system's parts find in several censuses, in their order, by one process."""
    done = subprocess.run(
        [python_of("validator_cin", REQUIREMENTS), "-I", RUNNER],
        input=json.dumps([census._asdict() for census in censuses]),
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"The validator could not read a census:\n{done.stderr[-3000:]}"
    found = []
    for answer in json.loads(done.stdout):
        ours = {code for code, module in answer["modules"].items() if module in OURS or code in OURS_TOO} - OF_OTHERS
        # A rule that broke down found nothing because it did not look.
        assert ours.isdisjoint(answer["broken"]), answer["broken"]
        assert len(ours) > 40, ours
        found.append({code: rows for code, rows in answer["failures"].items() if code in ours})
    return found
