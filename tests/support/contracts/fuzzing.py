"""Schemathesis against a running service: its whole document, bounded and the same every time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import StopReason, from_schema
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

from deploy.merged_document import Document

SEED = 20190401
# What is accepted or refused beyond the schemas' words is for tests that know the rules.
CHECKS = {
    "not_a_server_error": True,
    "status_code_conformance": True,
    "content_type_conformance": True,
    "response_headers_conformance": True,
    "response_schema_conformance": True,
    "negative_data_rejection": True,
    "missing_required_header": True,
    "allow_header_conformance": False,
    "ignored_auth": False,
    "unsupported_method": False,
    "positive_data_acceptance": False,
    "use_after_free": False,
    "ensure_resource_availability": False,
    "object_level_authorization": False,
}


@schemathesis.serializer("message/rfc822")
def as_mail(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """Whatever it is, as the bytes of a mail."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Found:
    """What came of a run."""

    requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    operations: set[str] = field(default_factory=set)


def fuzz(document: Document, address: str, token: Callable[[str], str], examples: int) -> Found:
    """Ask every operation of a document for its edges and for what chance brings; `token` says who asks, each time.

    It is given the operation, such as `GET /v1/escalations`.
    """
    schema = schemathesis.openapi.from_dict(_without_examples(document), config=_config(address, examples))

    @schema.auth(refresh_interval=None)
    class AsSomebody:
        """Asks anew for every request."""

        def get(self, case: schemathesis.Case[Any], context: schemathesis.AuthContext) -> str:
            return token(case.operation.label)

        def set(self, case: schemathesis.Case[Any], data: str, context: schemathesis.AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    found = Found()
    for event in from_schema(schema).execute():
        _note(event, found)
    return found


def _without_examples(node: Any) -> Any:
    """The document without the story that its examples tell, which needs every service: chance asks one alone."""
    if isinstance(node, dict):
        return {name: _without_examples(part) for name, part in node.items() if name not in {"example", "examples"}}
    return [_without_examples(part) for part in node] if isinstance(node, list) else node


def _config(address: str, examples: int) -> SchemathesisConfig:
    given: dict[str, Any] = {
        "base-url": address,
        "seed": SEED,
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
        "phases": {"stateful": {"enabled": False}, "coverage": {"unexpected-methods": []}},
        "checks": {name: {"enabled": wanted} for name, wanted in CHECKS.items()},
    }
    # Who does not say which version a change was decided on is answered 428.
    given["checks"]["missing_required_header"]["expected-statuses"] = [400, 401, 403, 415, 422, 428]
    # A body may be wrong and too large at once: its size is looked at first.
    refused = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
    given["checks"]["negative_data_rejection"]["expected-statuses"] = refused
    return SchemathesisConfig.from_dict(given)


def _note(event: Any, found: Found) -> None:
    if isinstance(event, FatalError):
        raise event.exception
    if isinstance(event, NonFatalError):
        found.errors.append(f"{event.label}: {event.value!r}"[:500])
    elif isinstance(event, EngineFinished):
        assert event.stop_reason is StopReason.COMPLETED
    elif isinstance(event, ScenarioFinished):
        _note_scenario(event, found)


def _note_scenario(event: ScenarioFinished, found: Found) -> None:
    found.operations.add(event.recorder.label)
    for number, interaction in event.recorder.interactions.items():
        found.requests += 1
        if interaction.response is not None:
            status = interaction.response.status_code
            found.statuses[status] = found.statuses.get(status, 0) + 1
        for check in event.recorder.checks.get(number, ()):
            if check.failure_info is not None:
                problem = check.failure_info.failure
                place = f"{event.recorder.label}: {problem.title}: {problem.message[:200]}"
                found.failures.setdefault(place, _shown(interaction))


def _shown(interaction: Any) -> str:
    request, response = interaction.request, interaction.response
    answered = response.content[:300] if response else b""
    return f"{request.method} {request.uri[:300]} {(request.body or b'')[:300]!r} -> {answered!r}"
