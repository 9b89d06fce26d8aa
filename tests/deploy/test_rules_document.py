"""The page of the rules says what the code says, and nothing is left out of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from deploy import CannotRun
from deploy.documents import INDICATORS, RULES, GeneratedFile, functions_of, modules_of, time_limits_of
from deploy.sources import SOURCES
from services.reviews.rules import timescales

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", [RULES, INDICATORS], ids=["rules", "indicators"])
def test_the_page_that_is_kept_is_the_one_of_this_code(page: GeneratedFile) -> None:
    page.check(PROJECT / page.place)


def test_a_page_that_says_something_else_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "rules.md"
    with pytest.raises(CannotRun, match="python -m deploy rules"):
        RULES.check(place)
    RULES.write(place)
    RULES.check(place)
    place.write_text(place.read_text().replace("20 working days after", "21 working days after"))
    with pytest.raises(CannotRun, match="python -m deploy rules"):
        RULES.check(place)


def test_the_page_has_every_service_with_rules() -> None:
    headings = re.findall(r"^## (\w+)$", RULES.rendered(), re.MULTILINE)
    folders = {path.name for path in (PROJECT / "services").iterdir() if (path / "__init__.py").exists()}
    ruled = {name for name in folders if list((PROJECT / "services" / name).glob("rules*"))}
    assert {"escalations", "notifications", "reviews"} <= ruled
    assert headings == sorted(name.capitalize() for name in ruled)


def test_every_time_limit_is_a_row() -> None:
    page = RULES.rendered()
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for limit in [*timescales.REVIEWS.values(), *timescales.OTHERS.values()]:
        assert any(row.endswith(f"| {limit.event} | {limit.source} |") for row in rows), limit
    assert "| social worker report | 3 working days before | the meeting | Common practice |" in rows
    assert "| secure first | 1 month after | the secure placement began |" in page


def test_each_table_and_function_stands_where_it_is_defined() -> None:
    found = {module.__name__.rpartition(".")[2]: module for module in modules_of("reviews")}
    assert list(time_limits_of(found["timescales"])) == ["REVIEWS", "OTHERS"]
    # It imports them.
    assert time_limits_of(found["sequence"]) == {}
    assert list(functions_of(found["sequence"])) == ["reviews_due", "last_main_review", "is_in_time"]


def test_what_only_looks_like_a_table_of_time_limits_is_none() -> None:
    module = ModuleType("lookalikes")
    module.__dict__.update(EMPTY={}, WORDS={"one": "two"}, NUMBER=3, __annotations__={"EMPTY": dict, "WORDS": Mapping})
    module.__annotations__["NUMBER"] = int
    assert time_limits_of(module) == {}


PRACTICE = re.compile(
    r"(common|local) practice|practice of|as published procedures|each time limit names its own", re.IGNORECASE
)


def rules_of_all() -> str:
    """The page without its table of sources."""
    _, rules = RULES.rendered().split("## All services")
    return rules


def test_every_source_that_a_rule_cites_is_known_by_its_edition() -> None:
    cited = re.findall(r"Source: (.*?)(?= - \*\*| #|$)", re.sub(r"\s+", " ", rules_of_all()))
    rows = [row.removesuffix(" |").split(" | ") for row in rules_of_all().splitlines() if row.count(" | ") == 3]
    cited += [row[-1] for row in rows if row[-1] not in {"source", "---"}]
    assert len(cited) > 60
    unknown = [text for text in cited if not PRACTICE.search(text) and not any(name in text for name in SOURCES)]
    assert unknown == []


def test_every_known_source_is_cited() -> None:
    page = re.sub(r"\s+", " ", rules_of_all())
    assert [name for name in SOURCES if name not in page] == []
