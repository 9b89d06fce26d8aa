"""One document of the whole system's API, merged from the services' own: only what the gateway lets one reach."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from gateway.problems import OF_THE_GATEWAY, responses_of_the_gateway
from gateway.routes import OWN, find

Document = dict[str, Any]

REFERENCE = "#/components/"
TITLE = "Independent Chairs"
DESCRIPTION = (
    "Looked-after children's reviews; child protection conferences; escalations raised by Independent Chairs, what is "
    "sent, how they are answered. "
    "Errors are problem documents (RFC 9457); lists are pages (`limit`, `cursor`); "
    "changes carry the version that they were decided on (`If-Match`)."
)
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
TAGS = {
    "after the review": "Decisions and what the manager says to them; the record and its distribution.",
    "allocation": "Who is whose Independent Reviewing Officer, and how many children each has.",
    "answers": "What liaison officers answered, and the links by which they do.",
    "audit": "Who looked at or changed which child's record.",
    "challenges and good practice": "The informal step before an escalation, and what was done well.",
    "between reviews": "Contacts, midpoint checks, prompts, approvals to leave care, feedback, referrals.",
    "diary": "What is due and overdue, and a chair's diary, also as a calendar feed.",
    "directory": "Who is who, and which officer receives whose escalations.",
    "escalations": "Formal escalations: raised, moved, answered, closed.",
    "figures": "Counted anew from the same records whenever they are asked for.",
    "history": "What is brought along from elsewhere.",
    "home": "What several services together show on one page.",
    "looked-after children": "Children as the case-management system knows them, and what happened for them.",
    "messages": "Every email that was sent, and what became of it.",
    "returns": "The statutory return and its checks.",
    "reviews": "Review meetings: planned, prepared, held.",
    "schedules": "What is sent by the clock: its last run, its next one, a preview.",
    "timescales": "Due dates and the rules behind them, about nobody.",
    "webhooks": "Systems outside that are told what happens, and what became of each telling.",
}


@dataclass
class Merged:
    """The merged document, and what the services named alike though it is not the same."""

    document: Document
    clashes: list[str] = field(default_factory=list)


def merge(own: Document, services: Mapping[str, Document]) -> Merged:
    """Merge the gateway's own document with those of the services, by service name.

    Equal components become one. Different ones under one name are told apart by their service's name, so that a
    document can always be served, and reported as clashes, which the project's checks refuse.
    """
    merged = Merged(_frame(own))
    known = {(kind, name) for one in (own, *services.values()) for kind, name in _named(one)}
    for name, document in sorted({OWN: own, **services}.items()):
        part = _reachable(name, document, known)
        renamed = _told_apart(name, part, merged)
        _add(name, renamed, merged)
    document = merged.document
    document["paths"] = dict(sorted(document["paths"].items()))
    document["tags"] = _tags(document)
    for kind, components in document["components"].items():
        document["components"][kind] = dict(sorted(components.items()))
    return merged


def _frame(own: Document) -> Document:
    """The document before any service is in it, with what the gateway itself can answer."""
    problem = own["components"]["schemas"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "description": DESCRIPTION,
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


def _named(document: Document) -> Iterator[tuple[str, str]]:
    for kind, components in document.get("components", {}).items():
        yield from ((kind, name) for name in components)


def _reachable(service: str, document: Document, known: set[tuple[str, str]]) -> Document:
    """The paths of a service that the gateway routes to it, and the components that these need.

    A path of the gateway's own may be made of what services answer; while one of them is not known it is left out.
    """
    paths = {
        path: item
        for path, item in document.get("paths", {}).items()
        if find(path).service == service and known.issuperset(_references(item))
    }
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


def _told_apart(service: str, part: Document, merged: Merged) -> Document:
    """The part with new names for what differs from components of the same name that are merged already."""
    present = merged.document["components"]
    names: dict[str, str] = {}
    while True:
        renamed: Document = _renamed(part, names)
        # A component that refers to a renamed one differs now as well: look until nothing new is found.
        found = {
            f"{REFERENCE}{kind}/{name}": f"{REFERENCE}{kind}/{service.title()}{name}"
            for kind, components in renamed["components"].items()
            for name, component in components.items()
            if name in present.get(kind, {}) and present[kind][name] != component
        }
        if not found.keys() - names.keys():
            break
        names |= found
    merged.clashes += [f"{service} has its own {name.removeprefix(REFERENCE)}." for name in sorted(names)]
    for old, new in names.items():
        kind, _, name = old.removeprefix(REFERENCE).partition("/")
        renamed["components"][kind][new.rpartition("/")[2]] = renamed["components"][kind].pop(name)
    return renamed


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    if isinstance(node, Mapping):
        return {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    return names.get(node, node) if isinstance(node, str) else node


def _add(service: str, part: Document, merged: Merged) -> None:
    document = merged.document
    taken = {operation["operationId"] for _, _, operation in operations(document)}
    for path, _, operation in operations(part):
        name = operation["operationId"]
        if name in taken:
            merged.clashes.append(f"{service} has its own operation {name}.")
            operation["operationId"] = f"{service}_{name}"
        taken.add(operation["operationId"])
        if find(path).service != OWN:
            _add_answers_of_the_gateway(operation)
    document["paths"] |= part["paths"]
    for kind, components in part["components"].items():
        document["components"].setdefault(kind, {}).update(
            {name: component for name, component in components.items() if kind != "securitySchemes"}
        )


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


def _tags(document: Document) -> list[dict[str, str]]:
    used = {tag for _, _, operation in operations(document) for tag in operation.get("tags", ())}
    return [{"name": tag, "description": TAGS.get(tag, f"{tag.capitalize()}.")} for tag in sorted(used)]
