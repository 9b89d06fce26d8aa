"""How one signs in: as anybody where the system runs for development, or as a machine with client credentials."""

import time
from collections.abc import Generator

import httpx

NOT_SIGNED_IN = 401
# A token is renewed before it ends, since a request takes a while as well.
EARLY_SECONDS = 60


class SignIn(httpx.Auth):
    """Sends an access token with every request, and gets the next one when that ends or is refused."""

    requires_response_body = True

    def __init__(self, token_request: httpx.Request) -> None:
        self._token_request = token_request
        self._token = ""
        self._good_until = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with a token."""
        had_a_token = time.monotonic() < self._good_until
        if not had_a_token:
            self._take((yield self._token_request))
        if (yield self._signed(request)).status_code == NOT_SIGNED_IN and had_a_token:
            self._take((yield self._token_request))
            yield self._signed(request)

    def _take(self, granted: httpx.Response) -> None:
        token = granted.raise_for_status().json()
        self._token = token["access_token"]
        self._good_until = time.monotonic() + token.get("expires_in", 0) - EARLY_SECONDS

    def _signed(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class DevelopmentSignIn(SignIn):
    """Signs in as the person of a role, where the system runs for development."""

    def __init__(self, gateway: str, role: str) -> None:
        address = f"{gateway}/development/sign-in/{role}"
        super().__init__(httpx.Request("GET", address, headers={"Accept": "application/json"}))


class ClientCredentials(SignIn):
    """Signs a machine in at the council's sign-in service (OAuth 2.0, RFC 6749, section 4.4)."""

    def __init__(self, token_address: str, client_id: str, client_secret: str, **more: str) -> None:
        """`more` is what the sign-in service wants besides, such as `scope` or `resource`."""
        form = {"grant_type": "client_credentials", **more}
        request = httpx.Request("POST", token_address, data=form)
        super().__init__(next(httpx.BasicAuth(client_id, client_secret).auth_flow(request)))
