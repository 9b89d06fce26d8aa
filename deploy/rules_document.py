"""The law and the practice as the code has them, as a file for people: made from the rules of every service."""

import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

import services
from chassis.law.sources import SOURCES
from deploy import CannotRun

PLACE = Path("docs/rules.md")
COMMAND = "python -m deploy rules"
WIDTH = 120
BEGINNING = f"""# The rules

Every time limit and every rule that the services keep, as the code has it, with its source. This page is written from
the code by `{COMMAND}`: change the rules, not the page. Terms are in the [glossary](glossary.md).
"""


# What the rules of several services have in common.
SHARED = ("chassis.law.ages", "chassis.law.participation")


@runtime_checkable
class TimeLimit(Protocol):
    """What a table of time limits holds."""

    event: str
    source: str

    def due_on(self, event_on: Any, /) -> Any:
        """The last day."""

    def how_long(self) -> str:
        """How long before or after the event, in words."""


def rendered() -> str:
    """The whole page."""
    shared = [line for name in SHARED for line in _functions(import_module(name), titled=True)]
    common = "\n".join(["## All services", "", *shared])
    return "\n".join([BEGINNING, *_cited(), common, *(_about(name) for name in _services())])


def write(place: Path = PLACE) -> None:
    """Write the page where it is kept."""
    place.write_text(rendered())


def check(place: Path = PLACE) -> None:
    """`CannotRun` if the page that is kept is not the one of this code."""
    if not place.exists() or place.read_text() != rendered():
        raise CannotRun(f"{place} is not what the code says: run `{COMMAND}` and commit the result.")


def modules_of(service: str) -> list[ModuleType]:
    """The modules that hold a service's rules, by name: its `rules`, and if that is a package all that it holds."""
    rules = import_module(f"services.{service}.rules")
    within = pkgutil.iter_modules(getattr(rules, "__path__", []), f"{rules.__name__}.")
    return [rules, *(import_module(one.name) for one in sorted(within, key=lambda one: one.name))]


def functions_of(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The public functions that a module defines, in the order in which it does."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = {name: one for name, one in found if one.__module__ == module.__name__ and not name.startswith("_")}
    return dict(sorted(own.items(), key=lambda item: item[1].__code__.co_firstlineno))


def time_limits_of(module: ModuleType) -> dict[str, Mapping[str, TimeLimit]]:
    """The tables of time limits that a module defines, and says the type of, by name."""
    found = {name: getattr(module, name) for name in inspect.get_annotations(module) if not name.startswith("_")}
    return {name: table for name, table in found.items() if _is_table(table)}


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(one, TimeLimit) for one in value.values())


def _services() -> list[str]:
    names = sorted(one.name for one in pkgutil.iter_modules(services.__path__) if one.ispkg)
    return [name for name in names if find_spec(f"services.{name}.rules") is not None]


def _cited() -> Iterator[str]:
    yield "## What is cited"
    yield ""
    yield "The editions that the rules keep to. A rule without one of these is local or common practice, and says so."
    yield ""
    yield "| source | edition | last compared on | compared with |"
    yield "| --- | --- | --- | --- |"
    for name, source in SOURCES.items():
        yield f"| {name} | {source.edition} | {source.compared_on:%-d %B %Y} | {source.compared_with} |"
    yield ""


def _about(service: str) -> str:
    modules = modules_of(service)
    lines = [f"## {service.capitalize()}", "", *_wrapped(_sentence(modules[0])), ""]
    for module in modules:
        for name, table in time_limits_of(module).items():
            lines += [f"### Time limits: {_words(name)}", "", *_table(table), ""]
    for module in modules:
        lines += _functions(module, titled=module is not modules[0])
    return "\n".join(lines)


def _table(table: Mapping[str, TimeLimit]) -> Iterator[str]:
    yield "| what | how long | event | source |"
    yield "| --- | --- | --- | --- |"
    for what, limit in table.items():
        yield f"| {_words(what)} | {limit.how_long()} | {limit.event} | {limit.source} |"


def _functions(module: ModuleType, *, titled: bool) -> list[str]:
    functions = functions_of(module)
    if not functions:
        return []
    title = _words(module.__name__.rpartition(".")[2]).capitalize()
    lines = [f"### {title}", "", *_wrapped(_sentence(module)), ""] if titled else []
    for name, function in functions.items():
        lines += [*_function(name, function), ""]
    return lines


def _function(name: str, function: Callable[..., Any]) -> Iterator[str]:
    paragraphs = [" ".join(one.split()) for one in (inspect.getdoc(function) or "").split("\n\n")]
    first, *others = paragraphs
    yield from _wrapped(f"- **{name}** ({', '.join(inspect.signature(function).parameters)}): {first}", "  ")
    for one in others:
        yield ""
        yield from _wrapped(f"  {one}", "  ")


def _sentence(module: ModuleType) -> str:
    return " ".join((inspect.getdoc(module) or "").split("\n\n")[0].split())


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _words(name: str) -> str:
    return name.replace("_", " ").lower()
