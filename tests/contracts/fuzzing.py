"""Schemathesis against a running service: its whole document, bounded and the same every time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import StopReason, from_schema
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

from gateway.openapi import Document

SEED = 20190401
SECONDS = 60
CHECKS = {
    "not_a_server_error": {"enabled": True},
    "status_code_conformance": {"enabled": True},
    "content_type_conformance": {"enabled": True},
    "response_headers_conformance": {"enabled": True},
    "response_schema_conformance": {"enabled": True},
    "allow_header_conformance": {"enabled": True},
    "unsupported_method": {"enabled": True},
}


@dataclass
class Found:
    """What came of a run."""

    requests: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    operations: set[str] = field(default_factory=set)
    in_time: bool = True


def fuzz(document: Document, address: str, token: Callable[[], str], examples: int) -> Found:
    """Ask every operation of a document for its edges and for what chance brings; `token` says who asks, each time."""
    schema = schemathesis.openapi.from_dict(document, config=_config(address, examples))

    @schema.auth()
    class AsEverybody:
        """A token lives for a minute: every request has a fresh one."""

        def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
            return token()

        def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"

    found = Found()
    for event in from_schema(schema).execute():
        _note(event, found)
    return found


def _config(address: str, examples: int) -> SchemathesisConfig:
    given: dict[str, Any] = {
        "base-url": address,
        "seed": SEED,
        "max-time": SECONDS,
        "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
        "phases": {"stateful": {"enabled": False}},
        "checks": {name: {"enabled": False} for name in schemathesis.checks.CHECKS.get_all_names()} | CHECKS,
    }
    return SchemathesisConfig.from_dict(given)


def _note(event: Any, found: Found) -> None:
    if isinstance(event, FatalError):
        raise event.exception
    if isinstance(event, NonFatalError):
        found.errors.append(f"{event.label}: {event.value!r}"[:500])
    elif isinstance(event, EngineFinished):
        found.in_time = event.stop_reason is not StopReason.MAX_TIME
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
                found.failures.setdefault(place, f"{interaction.request.method} {interaction.request.uri[:500]} {(interaction.request.body or b'')[:300]!r} -> {interaction.response and interaction.response.content[:300]}")
