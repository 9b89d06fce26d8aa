"""Structured logs that cannot hold a person's details: only known keys pass, and errors lose their messages."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from traceback import walk_tb
from typing import Any, TextIO, cast

import structlog

from chassis.base.settings import Settings

# A key that is not listed here does not reach the log: identifiers of ours, numbers and fixed words alone.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "service", "request_id", "event_id", "event_type", "error", "place",
        "method", "route", "status", "milliseconds", "count", "attempt", "attempts", "subscriber", "publisher",
        "reference", "references", "message_id", "delivery_id", "endpoint_id", "job", "period", "outcome", "state",
        "rows", "loop", "seconds", "due_at", "caught_up", "host", "port", "version", "waiting", "parked", "kind",
        "process", "upstream", "issuer", "reason", "provider", "migration", "batch",
    }
)  # fmt: skip
# Libraries word their messages freely and may quote what they were given; these are known not to.
QUOTED_LOGGERS = ("uvicorn",)


def set_up(settings: Settings) -> None:
    """Send every log line of the process, libraries' included, to standard output in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages_of_errors,
        _known_keys_only(settings.service_name),
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", StandardOutput())),
        cache_logger_on_first_use=True,
    )
    logging.root.handlers = [_ToStructlog()]
    logging.root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.INFO)


class StandardOutput:
    """Standard output, where a line that cannot be written is lost and nothing else: no work may end because of it."""

    def write(self, text: str) -> None:
        """Write a line, unless the disk is full or the reader is gone."""
        with suppress(OSError, ValueError):
            sys.stdout.write(text)

    def flush(self) -> None:
        """Hand on what was written, as far as that is possible."""
        with suppress(OSError, ValueError):
            sys.stdout.flush()


class _ToStructlog(logging.Handler):
    """Hands a library's log record on without its arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        quoted = record.name.startswith(QUOTED_LOGGERS)
        text = record.getMessage().partition("\n")[0] if quoted else "library_message"
        log = structlog.get_logger().bind(logger=record.name)
        error = record.exc_info[1] if record.exc_info else None
        getattr(log, record.levelname.lower(), log.info)(text, exc_info=error)


def _without_messages_of_errors(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error's message may quote a row: its class and the line that raised it say enough to find it."""
    error = entry.pop("exc_info", None)
    if error is True:
        error = sys.exception()
    if isinstance(error, BaseException):
        entry["error"] = type(error).__name__
        for frame, line in walk_tb(error.__traceback__):
            entry["place"] = f"{frame.f_code.co_filename}:{line}"
    return entry


def _known_keys_only(service: str) -> Any:
    def keep(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"service": service} | {key: value for key, value in entry.items() if key in ALLOWED}

    return keep
