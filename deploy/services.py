"""The services of the system by name, in the order in which they are started."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chassis.service import Service

SERVICES = ("reviews", "conferences", "escalations", "notifications")


def service_named(name: str) -> "Service":
    """A service as its folder describes it; an unknown name is a `KeyError`."""
    if name not in SERVICES:
        raise KeyError(name)
    return cast("Service", import_module(f"services.{name}.app").service)
