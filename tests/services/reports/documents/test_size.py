"""A report of five years of a large council is made in seconds, and without much memory."""

import subprocess
import sys

import pytest

from services.reports.documents.forms import Form

SECONDS, MEGABYTES = 5, 300
PROGRAM = """
import re, sys, time
from pathlib import Path
from services.reports.documents.forms import Form, render
from tests.support.reports.documents import chart, months, report
from services.reports.documents.model import ChartKind, Section
tables = [months(60).model_copy(update={"key": f"table-{number}"}) for number in range(30)]
charts = [
    chart(ChartKind.LINE, table.key, "month", "reviews", "late").model_copy(update={"key": f"chart-{table.key}"})
    for table in tables[:8]
]
sections = [Section(key="all", heading="All", blocks=[*charts, *tables])]
document = report().model_copy(update={"sections": sections})
before = time.process_time()
for _ in range(int(sys.argv[2])):
    render(document, Form(sys.argv[1]))
# getrusage would count what the process that started this one held.
peak = re.search("VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]
print(time.process_time() - before, int(peak) / 1024)
"""


def rendered(form: Form, times: int = 1) -> tuple[float, float]:
    """The processor's seconds, since other tests run at the same time, and the most memory in megabytes."""
    command = [sys.executable, "-c", PROGRAM, form, str(times)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    seconds, megabytes = map(float, found.stdout.split())
    return seconds, megabytes


@pytest.mark.slow
@pytest.mark.parametrize("form", list(Form))
def test_five_years_of_a_large_council(form: Form) -> None:
    seconds, megabytes = rendered(form)
    assert seconds < SECONDS, f"{form}: {seconds} s"
    assert megabytes < MEGABYTES, f"{form}: {megabytes} MB"


@pytest.mark.slow
def test_memory_does_not_grow_with_each_document() -> None:
    # The most memory of one run differs from another's by up to 60 MB; six documents that are kept take 600.
    assert rendered(Form.PDF, 8)[1] - rendered(Form.PDF, 2)[1] < 100
