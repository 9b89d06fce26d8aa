"""The file of a children in need census: its year and its children, one after the other, and what no census can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from chassis.importing.reading import UnreadableFile

# More than any census has; text is in bytes.
MOST_ELEMENTS = 3_000_000
MOST_OF_A_CHILD = 2000
MOST_BETWEEN_CHILDREN = 1000
DEEPEST = 20
LONGEST_TEXT = 256 * 1024


def year_of(file: IO[bytes]) -> int:
    """The calendar year in which a census ends, by its heading; `UnreadableFile` for what is no census."""
    for element in _parts(file):
        if element.tag == "Header":
            collection, year = (
                text_of(element, "CollectionDetails/Collection"),
                text_of(element, "CollectionDetails/Year"),
            )
            if collection != "CIN" or year is None or not year.isdecimal() or not 2000 <= int(year) <= 2999:
                raise UnreadableFile("A census says in its heading that it is one, CIN, and of which year.")
            return int(year)
    raise UnreadableFile("A census begins with its heading.")


def children_of(file: IO[bytes]) -> Iterator[Element]:
    """The children of a census, one after the other; each is forgotten afterwards."""
    return (element for element in _parts(file) if element.tag == "Child")


def _parts(file: IO[bytes]) -> Iterator[Element]:
    """The heading and the children, each once it is complete and by plain names; afterwards it is forgotten."""
    file.seek(0)
    above: list[Element] = []
    part: Element | None = None
    count = within = between = 0
    measured = _Measured(file)
    try:
        for event, element in iterparse(measured, events=("start", "end"), forbid_dtd=True):
            measured.since = 0
            if event == "start":
                element.tag = element.tag.rpartition("}")[2]
                above.append(element)
                count += 1
                if part is None and element.tag in {"Header", "Child"}:
                    part, within = element, 0
                within, between = (within + 1, between) if part is not None else (0, between + 1)
                _check(len(above), count, within, between)
                continue
            above.pop()
            if element is part or part is None:
                if part is not None:
                    yield part
                    part = None
                # What is complete is kept neither by itself nor in what is around it.
                element.clear()
                if above:
                    above[-1].clear()
    except DefusedXmlException:
        raise UnreadableFile("A census has no definitions of its own: they are not read.") from None
    except ParseError as error:
        raise UnreadableFile(f"A file is not XML: {error}.") from None
    except (LookupError, ValueError):
        raise UnreadableFile("A file is in an encoding that is not known: send UTF-8.") from None


def _check(depth: int, count: int, within: int, between: int) -> None:
    """Refuse a file that is larger than a census can be, before it takes time and memory."""
    if depth > DEEPEST:
        raise UnreadableFile(f"The elements of a census are at most {DEEPEST} deep.")
    if count > MOST_ELEMENTS:
        raise UnreadableFile(f"A census has at most {MOST_ELEMENTS:,} elements.")
    if within > MOST_OF_A_CHILD:
        raise UnreadableFile(f"A child has at most {MOST_OF_A_CHILD:,} elements.")
    if between > MOST_BETWEEN_CHILDREN:
        raise UnreadableFile(
            f"A census has at most {MOST_BETWEEN_CHILDREN:,} elements besides its heading and children."
        )


@dataclass
class _Measured:
    """A file of which not too much is read without an element that begins or ends."""

    file: IO[bytes]
    since: int = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found = self.file.read(size)
        self.since += len(found)
        if self.since > LONGEST_TEXT:
            raise UnreadableFile(f"The text or the attributes of one element have more than {LONGEST_TEXT:,} bytes.")
        return found


def text_of(element: Element, path: str) -> str | None:
    """The text of an element within another, if there is any."""
    text = element.findtext(path)
    return text.strip() or None if text else None
