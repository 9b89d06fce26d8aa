"""Entries of the directory, and what one asks to write them."""

from typing import Any

import httpx

from chassis.access.callers import Role
from tests.support.serving import Client

NAME, EMAIL = "Robin Planted", "robin.planted@example.org"
AREA, AGENCY = {"name": "North"}, {"name": "Surgeries", "roles": ["gp", "midwife"]}
COLLEAGUE: dict[str, Any] = {"name": NAME, "email": EMAIL, "positions": ["liaison_officer"], "starts_on": "2020-01-01"}


async def put(client: Client, path: str, body: dict[str, Any], tag: str | None = None) -> httpx.Response:
    """Put an entry as an administrator, on the version that was read if there is a tag."""
    headers = client.as_(Role.ADMINISTRATOR) | ({"If-Match": tag} if tag else {})
    return await client.put(f"/v1/{path}", json=body, headers=headers)
