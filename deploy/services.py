"""The services of the system by name, in the order in which they are started."""

import gc
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chassis.service import Service

SERVICES = ("children", "reviews", "conferences", "escalations", "reports", "notifications")


def service_named(name: str) -> "Service":
    """A service as its folder describes it; an unknown name is a `KeyError`."""
    if name not in SERVICES:
        raise KeyError(name)
    collects = gc.isenabled()
    # While modules are imported there is next to no garbage, and looking for it takes a fifth of the time.
    gc.disable()
    try:
        return cast("Service", import_module(f"services.{name}.app").service)
    finally:
        if collects:
            gc.enable()
