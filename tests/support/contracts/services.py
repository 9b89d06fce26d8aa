"""The services as their documents describe them, and what it takes to call any of their operations."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import SecretStr

from chassis.web.openapi import DocumentedApp
from deploy.described import described
from deploy.merged_document import Document, merge, operations
from deploy.services import SERVICES, service_named
from gateway.app import Gateway
from gateway.settings import GatewaySettings
from tests.support import keys

# Something that fits each pattern of a path, and that nothing is stored under.
SAMPLES: dict[str, str | dict[str, str]] = {
    "reference": {
        "reviews": "REV-2019-9999",
        "conferences": "CONF-2019-9999",
        "disruption-referrals": "DIS-2019-9999",
        "escalations": "ESC-2019-9999",
        "challenges": "CHA-2019-9999",
        "good-practice": "GOO-2019-9999",
        "reports": "REP-2019-9999",
    },
    "period": "2019-Q1",
    "name": "send_weekly_reminder",
    "year": "2019",
}
# A form without any field: its parts would stand before its end.
FORM, BOUNDARY = "multipart/form-data", "planted"
UNKNOWN_ID = "018f0000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Operation:
    """One operation of the merged document."""

    method: str
    path: str
    roles: frozenset[str]
    document: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What it is called, such as `GET /v1/escalations`."""
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """Its path with something plausible in the place of each parameter."""
        filled = self.path
        for parameter in self.document.get("parameters", ()):
            if parameter["in"] == "path":
                filled = filled.replace("{" + parameter["name"] + "}", self._sample(parameter))
        return filled

    @property
    def headers(self) -> dict[str, str]:
        """The content type that its body has."""
        kind = self._content_type
        return {"Content-Type": f"{kind}; boundary={BOUNDARY}" if kind == FORM else kind} if kind else {}

    @property
    def body(self) -> bytes | None:
        """A body that breaks some rule: who may not call at all is not told which."""
        if self._content_type == FORM:
            return f"--{BOUNDARY}--\r\n".encode()
        return b"{}" if "requestBody" in self.document else None

    @property
    def _content_type(self) -> str:
        return next(iter(self.document.get("requestBody", {}).get("content", {})), "")

    def _sample(self, parameter: Mapping[str, Any]) -> str:
        sample = SAMPLES.get(parameter["name"], UNKNOWN_ID if parameter["schema"].get("format") == "uuid" else "nobody")
        thing = self.path.partition("/{" + parameter["name"])[0].rpartition("/")[2]
        return sample[thing] if isinstance(sample, dict) else sample


@cache
def application(name: str) -> DocumentedApp:
    """A service's application as it is described; it is never run."""
    service = service_named(name)
    app = service.web(service.settings(service_name=name))
    assert isinstance(app, DocumentedApp)
    return app


@cache
def gateway() -> Gateway:
    """The gateway as it is described."""
    return Gateway(GatewaySettings(internal_signing_key=SecretStr(keys.private_jwk("gateway"))))


@cache
def merged() -> Document:
    """The document of the whole system."""
    return described(merge(gateway().pages.openapi(), {name: application(name).openapi() for name in SERVICES}))


def all_operations(document: Document) -> Iterator[Operation]:
    """Every operation of a document."""
    for path, method, operation in operations(document):
        yield Operation(method.upper(), path, frozenset(operation["x-roles"]), operation)


def references(node: Any) -> Iterator[str]:
    """Every reference in a document."""
    if isinstance(node, Mapping):
        yield from (value for key, value in node.items() if key == "$ref")
    inner = node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
    for value in inner:
        yield from references(value)


def resolved(document: Document, reference: str) -> Any:
    """What a reference leads to; a `KeyError` if it leads nowhere."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def as_json(document: Document) -> Document:
    """A document as its readers get it."""
    read: Document = json.loads(json.dumps(document))
    return read
