"""One request as it arrived, with what the gateway needs of it at hand."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class Inbound:
    """A request: `given` are its headers by name, `address` is whose it is."""

    scope: Scope
    receive: Receive
    send: Send
    given: dict[bytes, bytes]
    address: str

    @property
    def method(self) -> str:
        """The request's method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """The decoded path."""
        return str(self.scope["path"])
