"""The words of a letter, by the age of whom it is to; each block of it is a heading, words, a point or a question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from chassis.base.fields import weekday_in_words
from chassis.web.templating import environment

# How a line begins that is not simply words; below a question there is room to write, and a drawing has a frame.
MARKS = {"#": "heading", "-": "point", "?": "question", "[]": "drawing"}
_templates = environment(Path(__file__).parent / "templates", escapes=False)
_templates.filters["weekday"] = weekday_in_words


class Version(StrEnum):
    """For whom a letter is written."""

    YOUNG_CHILD = "4-7"
    CHILD = "8-12"
    TEENAGER = "13-17"
    PARENT = "parent"


def version_for(age: int) -> Version:
    """The version for a child of an age; with a child of under 4 somebody reads it."""
    return Version.YOUNG_CHILD if age < 8 else Version.CHILD if age < 13 else Version.TEENAGER


@dataclass(frozen=True)
class Letter:
    """Which letter somebody gets about a review, and who signs it; `parent_in` is the review that a parent comes to."""

    version: Version
    chair_id: str
    reference: str
    parent_in: str | None = None


def blocks(version: Version, context: Mapping[str, Any]) -> list[dict[str, str]]:
    """The letter in its order; what was typed, such as a venue, stays on its line."""
    said = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in context.items()}
    return list(_blocks(_templates.get_template(f"{version}.txt").render(said)))


def _blocks(text: str) -> Iterator[dict[str, str]]:
    for line in filter(str.strip, text.splitlines()):
        mark, _, rest = line.partition(" ")
        kind = MARKS.get(mark)
        yield {"kind": kind, "words": rest} if kind else {"kind": "words", "words": line}
