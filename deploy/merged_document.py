"""One document of the whole system's API, merged from the services' own: only what the gateway routes."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from gateway.app import TITLE
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
    document = _frame(own)
    for name, described in sorted({OWN: own, **services}.items()):
        _add(name, _reachable(name, described), document)
    document["paths"] = dict(sorted(document["paths"].items()))
    for kind, components in document["components"].items():
        document["components"][kind] = dict(sorted(components.items()))
    return document


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


def _reachable(service: str, document: Document) -> Document:
    """The paths of a service that the gateway routes to it, and the components that these need."""
    paths = {path: item for path, item in document.get("paths", {}).items() if find(path).service == service}
    components = document.get("components", {})
    needed: dict[str, dict[str, Any]] = {}
    waiting = list(_references(paths))
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
