"""A whole system with the demonstration, which takes minutes to load: once for all tests that read it."""

import signal
from collections.abc import Iterator

import pytest

from tests.support.journeys.demonstration import interrupt_loading
from tests.support.system import System, new_system

# What the demonstration says at the end of one part; it is then in the middle of the next.
INTERRUPTED_AFTER = (
    "reviews of April 2018",
    "words of feedback, and",
    "enquiries and",
    "checks, discussions",
    "emails: quarterly escalations of 2019-Q2",
)


@pytest.fixture(scope="package")
def system() -> Iterator[System]:
    """The demonstration's first start, after loading was interrupted in the middle of each of its parts."""
    with new_system(demo=False) as system:
        system.start()
        for words in INTERRUPTED_AFTER:
            interrupt_loading(system, words)
        assert system.stop(signal.SIGINT) == 0
        (system.folder / "demo-loaded").unlink()
        system.start()
        assert (system.folder / "demo-loaded").exists(), system.said()
        yield system
