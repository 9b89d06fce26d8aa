"""Signing in at the gateway as it is in development."""

import httpx


async def signed_in(gateway: httpx.AsyncClient, role: str) -> dict[str, str]:
    """The headers of somebody in a role."""
    answer = await gateway.get(f"/development/sign-in/{role}", headers={"Accept": "application/json"})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
