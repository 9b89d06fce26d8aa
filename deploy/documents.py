"""The documents that are made from the code: the whole API's, and every time limit and rule with its source."""

import inspect
import json
import pkgutil
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from pydantic import SecretStr

import services
from deploy import CannotRun
from deploy.described import described
from deploy.keys import GATEWAY, Keys
from deploy.merged_document import Clash, merge
from deploy.services import SERVICES, service_named
from deploy.sources import SOURCES
from gateway.app import Gateway
from gateway.settings import GatewaySettings
from services.reports.indicators import page as indicators

WIDTH = 120
BEGINNING = """# The rules

Every time limit and every rule that the services keep, as the code has it, with its source. This page is written from
the code by `python -m deploy rules`: change the rules, not the page. Terms are in the [glossary](glossary.md).
"""
# What the rules of several services have in common.
SHARED = ("chassis.law.ages", "chassis.law.participation")


@dataclass(frozen=True)
class GeneratedFile:
    """A file that is kept, and written anew by a command; nothing has to run for it."""

    place: Path
    command: str
    rendered: Callable[[], str]

    def write(self, place: Path | None = None) -> None:
        """Write it where it is kept, or elsewhere."""
        (place or self.place).write_text(self.rendered())

    def check(self, place: Path | None = None) -> None:
        """`CannotRun` if the document that is kept is not the one of this code."""
        place = place or self.place
        if not place.exists() or place.read_text() != self.rendered():
            raise CannotRun(f"{place} is not what the code says: run `{self.command}` and commit the result.")


@runtime_checkable
class TimeLimit(Protocol):
    """What a table of time limits holds."""

    event: str
    source: str

    def due_on(self, event_on: Any, /) -> Any:
        """The last day."""

    def how_long(self) -> str:
        """How long before or after the event, in words."""


def _api() -> str:
    """The merged document; `CannotRun` if services call different things by the same name."""
    # Nobody is ever asked anything with this key: the gateway's pages are described, not served.
    settings = GatewaySettings(internal_signing_key=SecretStr(json.dumps(Keys.fresh().signing[GATEWAY])))
    known = {name: service_named(name) for name in SERVICES}
    documents = {name: service.web(service.settings(service_name=name)).openapi() for name, service in known.items()}
    try:
        merged = merge(Gateway(settings).pages.openapi(), documents)
    except Clash as clash:
        raise CannotRun(f"The services' documents do not fit together: {clash}") from None
    return json.dumps(described(merged), indent=2, ensure_ascii=False) + "\n"


def _rules() -> str:
    shared = [line for name in SHARED for line in _functions(import_module(name), titled=True)]
    common = "\n".join(["## All services", "", *shared])
    return "\n".join([BEGINNING, *_cited(), common, *(_about(name) for name in _services())])


API = GeneratedFile(Path("docs/openapi.json"), "python -m deploy openapi", _api)
RULES = GeneratedFile(Path("docs/rules.md"), "python -m deploy rules", _rules)
INDICATORS = GeneratedFile(Path("docs/indicators.md"), "python -m deploy rules", indicators.page)


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
