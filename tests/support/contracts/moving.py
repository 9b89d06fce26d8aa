"""What a thing says that somebody can do with it, against the answer to whoever tries."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from chassis.access.callers import Role
from tests.support.contracts.services import Operation, all_operations, application
from tests.support.serving import Client


def operations_on(service: str, thing: str, *besides: str) -> dict[str, Operation]:
    """What changes one of these things, by name; `besides` are about parts of it."""
    depth = thing.count("/") + 1
    found = {}
    for operation in all_operations(application(service).openapi()):
        segments = operation.path.removeprefix(thing).split("/")
        is_on_it = operation.path.startswith(f"{thing}/{{") and len(segments) <= depth
        if is_on_it and operation.method != "GET" and operation.document["operationId"] not in besides:
            found[operation.document["operationId"]] = operation
    return found


async def check_moves(
    client: Client,
    operations: Mapping[str, Operation],
    bodies: Mapping[str, Any],
    arrange: Callable[[], Awaitable[str]],
) -> list[str]:
    """What can be done with a thing as it was arranged, by its path: all that it says and nothing that it does not.

    Each role is told what of it is for this role.
    """
    path = await arrange()
    said: list[str] = (await client.get(path, headers=client.as_(*Role))).json()["can"]
    for role in Role:
        answer = await client.get(path, headers=client.as_(role))
        if answer.status_code == 200:
            assert answer.json()["can"] == [name for name in said if role in operations[name].roles], (path, role)
    for name, operation in operations.items():
        answer = await _try(client, operation, path, bodies[name])
        if name not in said:
            assert answer.status_code in {409, 422}, (path, name, answer.text)
        else:
            assert answer.status_code in {200, 201}, (path, name, answer.text)
            path = await arrange()
    return said


async def _try(client: Client, operation: Operation, path: str, body: Any) -> httpx.Response:
    headers = client.as_(*Role, subject="chair-1")
    version = (await client.get(path, headers=headers)).headers.get("ETag")
    depth = len(path.split("/"))
    verb = "".join(f"/{segment}" for segment in operation.path.split("/")[depth:])
    return await client.request(
        operation.method, path + verb, json=body, headers=headers | ({"If-Match": version} if version else {})
    )
