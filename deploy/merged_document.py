"""One document of the whole system's API, merged from the services' own: only what the gateway routes."""

import inspect
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from chassis.access.callers import OUTSIDE_ROLES, ROLES
from chassis.base.problems import Problem
from chassis.law.labels import RETURNS, label
from gateway.app import TITLE
from gateway.document import LABELS, PROBLEMS, RETURN
from gateway.problems import OF_THE_GATEWAY, responses_of_the_gateway
from gateway.routes import OWN, find

Document = dict[str, Any]

REFERENCE = "#/components/"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Clash(Exception):
    """Two services call different things by the same name."""


def merge(own: Document, services: Mapping[str, Document]) -> Document:
    """Merge the gateway's own document with those of the services, by service name.

    Equal components become one; `Clash` is raised for different ones of one name.
    """
    _check_alike(services)
    document = _frame(own)
    composed = list(_references(own["paths"]))
    for name, described in sorted({OWN: own, **services}.items()):
        _add(name, _reachable(name, described, composed), document)
    document["paths"] = dict(sorted(document["paths"].items()))
    document[PROBLEMS] = _problems()
    add_labels(document["components"]["schemas"])
    for kind, components in document["components"].items():
        document["components"][kind] = dict(sorted(components.items()))
    return document


def _check_alike(services: Mapping[str, Document]) -> None:
    """Whichever of two services is asked, an address must mean the same."""
    for path in {path for described in services.values() for path in described["paths"]}:
        route = find(path)
        if route.otherwise is not None:
            first, second = (services[name]["paths"].get(path) for name in (route.service, route.otherwise))
            if first != second:
                raise Clash(f"{path} is not the same in {route.service} and in {route.otherwise}.")


def _frame(own: Document) -> Document:
    """The document before any service is in it, with what the gateway itself can answer."""
    problem = own["components"]["schemas"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": own["info"]["version"],
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
            "contact": {"name": "Whoever runs this gateway"},
        },
        "servers": [{"url": "/", "description": "This gateway"}],
        "paths": {},
        "components": {
            "schemas": {name: problem[name] for name in ("Problem", "FieldError")},
            "responses": {kind.__name__: answer for kind, answer in responses_of_the_gateway().items()},
            "securitySchemes": {
                "accessToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An access token of the council's sign-in service (OpenID Connect).",
                }
            },
        },
    }


def _reachable(service: str, document: Document, composed: list[tuple[str, str]]) -> Document:
    """The paths of a service that the gateway routes to it, and the components that these and its own pages need."""
    paths = {path: item for path, item in document.get("paths", {}).items() if find(path).service == service}
    components = document.get("components", {})
    needed: dict[str, dict[str, Any]] = {}
    waiting = [*_references(paths), *composed]
    while waiting:
        kind, name = waiting.pop()
        if name in components.get(kind, {}) and name not in needed.setdefault(kind, {}):
            needed[kind][name] = components[kind][name]
            waiting += _references(needed[kind][name])
    return deepcopy({"paths": paths, "components": needed})


def _references(node: Any) -> Iterator[tuple[str, str]]:
    """Every component that a part of a document refers to, as kind and name."""
    if isinstance(node, Mapping):
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
    elif isinstance(node, str) and node.startswith(REFERENCE):
        kind, _, name = node.removeprefix(REFERENCE).partition("/")
        yield kind, name


def _add(service: str, part: Document, document: Document) -> None:
    taken = {operation["operationId"] for _, _, operation in operations(document)}
    for path, _, operation in operations(part):
        if operation["operationId"] in taken:
            raise Clash(f"{service} has its own operation {operation['operationId']}.")
        taken.add(operation["operationId"])
        # Nobody outside is ever a service.
        operation[ROLES] = [role for role in operation.get(ROLES, ()) if role in OUTSIDE_ROLES]
        if find(path).service != OWN:
            _add_answers_of_the_gateway(operation)
    document["paths"] |= part["paths"]
    for kind, components in part["components"].items():
        present = document["components"].setdefault(kind, {})
        if kind != "securitySchemes":
            if different := [name for name in components if present.get(name, components[name]) != components[name]]:
                raise Clash(f"{service} has its own {', '.join(sorted(different))}.")
            present.update(components)


def _add_answers_of_the_gateway(operation: dict[str, Any]) -> None:
    for kind in OF_THE_GATEWAY:
        reference = {"$ref": f"{REFERENCE}responses/{kind.__name__}"}
        operation["responses"].setdefault(str(kind.status), reference)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of a document: path, method and the operation itself."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def add_labels(schemas: dict[str, Any]) -> None:
    """Say of each value of an enum its word for people, and of an enum of codes which national return has them."""
    for name, schema in schemas.items():
        if "enum" in schema:
            schema[LABELS] = {value: label(name, value) for value in schema["enum"]}
            if name in RETURNS:
                schema[RETURN] = RETURNS[name]


def _problems() -> list[dict[str, Any]]:
    """Every type of problem, by its address."""
    found: dict[str, dict[str, Any]] = {}
    for kind in _kinds(Problem):
        described = {
            "type": kind.type(),
            "title": kind.title(),
            "status": kind.status,
            "description": [" ".join(part.split()) for part in (inspect.getdoc(kind) or "").split("\n\n")[1:]],
        }
        if found.setdefault(kind.type(), described) != described:
            raise Clash(f"Two problems are called {kind.type()}.")
    return [found[name] for name in sorted(found)]


def _kinds(kind: type[Problem]) -> Iterator[type[Problem]]:
    """The product's own kinds of problems below one."""
    for below in kind.__subclasses__():
        if below.__module__.partition(".")[0] in {"chassis", "services", "gateway"}:
            yield below
        yield from _kinds(below)
