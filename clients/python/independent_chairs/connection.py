"""A client of the gateway that signs in by itself and tries again."""

import httpx

from independent_chairs.generated import AuthenticatedClient
from independent_chairs.sign_in import SignIn
from independent_chairs.transport import Transport

TIMEOUT = httpx.Timeout(60)


def connect(gateway: str, sign_in: SignIn, *, timeout: httpx.Timeout = TIMEOUT) -> AuthenticatedClient:
    """The client that every operation in `independent_chairs.generated.api` takes, for `sync` and for `asyncio`."""
    return AuthenticatedClient(
        base_url=gateway,
        token="",  # `sign_in` sends its own.
        timeout=timeout,
        raise_on_unexpected_status=True,
        httpx_args={"auth": sign_in, "transport": Transport()},
    )
