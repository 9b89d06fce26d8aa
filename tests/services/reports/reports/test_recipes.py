"""Whoever follows the recipes of a new indicator and a new section, block by block, has a report with both."""

import re
import subprocess
import textwrap
import tomllib
from pathlib import Path

import pytest

from services.reports.indicators.definitions import INDICATORS, Indicator
from services.reports.indicators.page import page
from tests.support.directory import directory
from tests.support.reports.desk import ANALYST, Counting, Desk
from tests.support.running import Running
from tests.support.serving import listening
from tests.support.system import PROJECT


def blocks(recipe: str, language: str) -> list[str]:
    """The blocks of code in a recipe."""
    _, _, after = (PROJECT / "docs/recipes.md").read_text().partition(f"## {recipe}\n")
    text, _, _ = after.partition("\n## ")
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


@pytest.fixture
def late_reviews(monkeypatch: pytest.MonkeyPatch) -> str:
    """The recipe's indicator, read as those of the file are."""
    (written,) = blocks("Adding an indicator", "toml")
    ((name, said),) = tomllib.loads(written).items()
    monkeypatch.setitem(INDICATORS, name, Indicator(name=name, **said))
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that a council made by the recipe, beside the sources."""
    (commands,), (section,) = (blocks("Adding a section to a report", language) for language in ("sh", "toml"))
    (tmp_path / "services").symlink_to(PROJECT / "services")
    subprocess.run(["sh", "-eu", "-c", commands], cwd=tmp_path, check=True)
    (template,) = tmp_path.glob("our-reports/*.toml")
    template.write_text(f"{template.read_text()}\n{section}")
    return template.parent


async def test_the_recipes_make_a_report(running: Running, late_reviews: str, folder: Path) -> None:
    counting = Counting()
    async with listening(counting.app()) as address, directory() as names:
        addresses = dict.fromkeys(("reviews_url", "conferences_url", "escalations_url"), address)
        client = await running("reports", **addresses, notifications_url=names, report_templates=folder)
        desk = Desk(client, counting)
        place = await desk.drafted()
        sections = (await desk.ask(ANALYST, "GET", f"{place}/sections")).json()
        assert "Reviews that were late" in sections["missing"]
        assert (await desk.write(place, "late", f"{{{late_reviews}}} were late.")).status_code == 200
        report = (await desk.document(place)).text
    for words in ("114 were late.", "Children&#39;s reviews in time and late", "How many reviews were late?"):
        assert words in report, words
    assert f"| `{late_reviews}` | {INDICATORS[late_reviews].title} |" in page()
