"""Says in a problem document what Starlette says by itself in plain text: that a body is too large."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.base.problems import TooLarge


class TooLargeAsProblem:
    """Replaces that one answer, which no handler of exceptions sees, and passes on every other."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and see what it is answered."""
        replaced = False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message.get("status") == TooLarge.status and _is_plain(message):
                replaced = True
                problem = TooLarge().response(Headers(scope=scope).get("accept", ""))
                await problem(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, receive, answer)


def _is_plain(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
