"""What letters say: each version in words for its age, and what was typed is never read as more than words."""

from datetime import date
from typing import Any

import pytest

from services.notifications.letters.words import Version, blocks, version_for

REVIEW: dict[str, Any] = {
    "news": "planned",
    "reference": "REV-1",
    "planned_on": date(2024, 8, 1),
    "planned_time": "14:30",
    "mode": "in person",
    "venue": "Hillside\n# School",
    "chair": "Ilva Thornbury",
    "children": 2,
}


@pytest.mark.parametrize(
    ("age", "version"),
    [(0, "4-7"), (4, "4-7"), (7, "4-7"), (8, "8-12"), (12, "8-12"), (13, "13-17"), (17, "13-17")],
)
def test_each_age_has_its_version(age: int, version: str) -> None:
    assert version_for(age) == version


@pytest.mark.parametrize("version", Version)
def test_every_version_says_when_where_and_who_and_asks(version: Version) -> None:
    letter = blocks(version, REVIEW)
    said = "\n".join(block["words"] for block in letter)
    for words in ("Thursday 1 August 2024", "14:30", "Hillside # School", "Ilva Thornbury"):
        assert words in said
    assert letter[0]["kind"] == "heading"
    assert sum(block["kind"] == "question" for block in letter) >= 3
    assert [block["words"] for block in letter if block["kind"] == "heading" and "School" in block["words"]] == []


@pytest.mark.parametrize("version", Version)
def test_who_is_told_of_a_change_is_not_asked_again(version: Version) -> None:
    for news in ("moved", "cancelled"):
        letter = blocks(version, REVIEW | {"news": news, "chair": None, "venue": None, "planned_time": None})
        said = " ".join(block["words"] for block in letter)
        assert "Thursday 1 August 2024" in said and "None" not in said
        assert "question" not in {block["kind"] for block in letter}


def test_the_youngest_read_short_sentences() -> None:
    words = [len(block["words"].split(". ")[0].split()) for block in blocks(Version.YOUNG_CHILD, REVIEW)]
    assert max(words) <= 20
