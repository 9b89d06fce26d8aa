"""What every request passes first: sound paths, sign-in and limits; then a service or a page."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.base.problems import Malformed, MethodNotAllowed, NotFound, Problem, Unexpected
from gateway.guard import AUTHORIZATION, Guard
from gateway.headers import caller_address, is_within
from gateway.inbound import Inbound
from gateway.problems import answer
from gateway.proxy import Proxy
from gateway.routes import OWN, find, is_sound
from gateway.settings import GatewaySettings

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FOR_OPERATIONS = ("/metrics", "/health")

log = structlog.get_logger()


class Door:
    """The gateway below any framework: the fast way to the services, and the slow one to its own pages."""

    def __init__(self, settings: GatewaySettings, guard: Guard, proxy: Proxy, own: ASGIApp) -> None:
        self._operations = settings.operations_networks
        self._guard = guard
        self._proxy = proxy
        self._own = own
        self._outwards = proxy.outwards

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in; whatever goes wrong here is answered as a problem."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._own(scope, receive, send)
            return
        given: dict[bytes, bytes] = dict(scope["headers"])
        begun = False

        async def answering(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        inbound = Inbound(scope, receive, answering, given, caller_address(scope))
        try:
            await self._let_in(inbound)
        except Problem as problem:
            await answer(problem, send, self._outwards.headers([]))
        except Exception as error:
            # What has begun cannot be taken back: the server closes the connection, so that nobody takes it for whole.
            if begun:
                raise
            log.error("request_failed", exc_info=error)  # noqa: TRY400 -- the log drops tracebacks.
            await answer(Unexpected(), send, self._outwards.headers([]))

    async def _let_in(self, inbound: Inbound) -> None:
        if inbound.method not in METHODS:
            raise MethodNotAllowed
        if not is_sound(inbound.path, inbound.scope["raw_path"]):
            raise Malformed("The path holds what may be read in two ways: control characters, dots, hidden slashes.")
        route = find(inbound.path)
        inbound.scope["endpoint"] = route.template
        proof = await self._guard.proof(inbound) if route.signed_in else None
        if route.own_proof:
            proof = inbound.given.get(AUTHORIZATION, b"").decode("latin-1") or None
        if route.service == OWN:
            await self._own_page(inbound, proof)
            return
        await self._proxy.forward(route, inbound, proof)

    async def _own_page(self, inbound: Inbound, proof: str | None) -> None:
        """The gateway's own pages; what is for ops alone is not there for anybody else."""
        if inbound.path.startswith(FOR_OPERATIONS) and not is_within(inbound.address, self._operations):
            raise NotFound
        scope = inbound.scope
        scope["headers"] = [header for header in scope["headers"] if header[0] != AUTHORIZATION]
        if proof is not None:
            scope["headers"].append((AUTHORIZATION, proof.encode()))

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._outwards.headers(message["headers"])
            await inbound.send(message)

        await self._own(scope, inbound.receive, send)
