"""A mail server that takes every message and sends none on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mailbox.store import Store

HOST = "127.0.0.1"


class Keeping:
    """What the server does with a message: it keeps it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Keep a message; the name is aiosmtpd's."""
        self._store.keep(envelope.original_content or b"")
        return "250 Kept"


@asynccontextmanager
async def catching(store: Store, port: int) -> AsyncIterator[None]:
    """The mail server for the length of a block."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(Keeping(store), hostname="localhost", enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(session, HOST, port)
    try:
        yield
    finally:
        server.close()
