"""What an operation gives back: its answer, all the items of a list, or a problem that is raised as an error."""

from collections.abc import Callable, Iterator
from typing import ParamSpec, Protocol, TypeVar

import independent_chairs.generated.problems  # noqa: F401 -- its classes are the kinds of `ProblemError`.
from independent_chairs.generated.models import Problem
from independent_chairs.problem import ProblemError

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Item = TypeVar("Item")


class Page(Protocol[Item]):
    """One page of a list, and the cursor of the next."""

    items: list[Item]
    next_: str | None


class Versioned(Protocol):
    """What is changed with `If-Match`."""

    version: int


def etag(record: Versioned) -> str:
    """The version of what was read, as `if_match` wants it."""
    return f'"{record.version}"'


def answer(given: Answer | Problem | None) -> Answer:
    """The answer of an operation; what went wrong is raised as a `ProblemError`."""
    if isinstance(given, Problem):
        raise ProblemError.of(given)
    assert given is not None, "An answer without a body has nothing to say."
    return given


def every(
    ask: Callable[Asked, Page[Item] | Problem | None], *args: Asked.args, **query: Asked.kwargs
) -> Iterator[Item]:
    """Each item of a list, read page by page: `every(list_reviews.sync, client=chair, chair_id="chair-1")`."""
    page = answer(ask(*args, **query))
    yield from page.items
    while page.next_ is not None:
        query["cursor"] = page.next_
        page = answer(ask(*args, **query))
        yield from page.items
