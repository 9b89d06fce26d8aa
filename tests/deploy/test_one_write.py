"""An answer's head and body leave together, and nothing is lost where they cannot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from deploy.local.postgres import free_port
from deploy.one_write import OneWriteProtocol
from tests.waiting import PATIENCE

LARGE = "x" * 5_000_000


async def small(request: Request) -> PlainTextResponse:
    return PlainTextResponse("small")


async def large(request: Request) -> PlainTextResponse:
    return PlainTextResponse(LARGE)


async def streamed(request: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        for number in range(3):
            await asyncio.sleep(0.01)
            yield f"part {number};"

    return StreamingResponse(parts())


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    app = Starlette(routes=[Route(f"/{one.__name__}", one) for one in (small, large, streamed)])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=OneWriteProtocol, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def ask(port: int, path: str, *, close: bool = True) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    connection = "close" if close else "keep-alive"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: {connection}\r\n\r\n".encode())
    answer = await (reader.read() if close else reader.read(65536))
    writer.close()
    return answer


async def test_the_head_and_the_body_of_a_small_answer_arrive_together():
    async with served() as port:
        assert (await ask(port, "/small", close=False)).endswith(b"\r\n\r\nsmall")


async def test_a_connection_that_is_closed_after_the_answer_loses_nothing_of_it():
    async with served() as port:
        assert (await ask(port, "/small")).endswith(b"\r\n\r\nsmall")
        assert (await ask(port, "/large")).endswith(LARGE.encode())


async def test_a_streamed_answer_arrives_whole():
    async with served() as port:
        answer = await ask(port, "/streamed")
    assert [part in answer for part in (b"part 0;", b"part 1;", b"part 2;")] == [True] * 3
    assert answer.endswith(b"0\r\n\r\n")


async def test_two_requests_sent_at_once_are_answered_in_order():
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /small HTTP/1.1\r\nHost: here\r\n\r\n" * 2)
        answer = b""
        while answer.count(b"\r\n\r\nsmall") < 2:
            answer += await asyncio.wait_for(reader.read(65536), PATIENCE)
        writer.close()
    assert answer.startswith(b"HTTP/1.1 200 OK")
