"""Who is asking, and whether they ask too often; who does not sign in is counted by the proxy before the gateway."""

from chassis.access.callers import Caller, TokenIssuer
from chassis.base.problems import NotSignedIn, TooManyRequests
from gateway.inbound import Inbound
from gateway.limits import Buckets, site
from gateway.settings import GatewaySettings
from gateway.sign_in import SignIn

AUTHORIZATION = b"authorization"
SCHEME = "bearer "


class Guard:
    """Says who is asking and whether they ask too often."""

    def __init__(self, settings: GatewaySettings, sign_in: SignIn, tokens: TokenIssuer) -> None:
        self._sign_in = sign_in
        self._tokens = tokens
        self._callers = Buckets(settings.requests_per_second, settings.request_burst)
        self._refusals = Buckets(settings.refusals_per_second, settings.refusal_burst)

    async def proof(self, inbound: Inbound) -> str:
        """The Authorization header that tells a service, in the gateway's own words, who is asking."""
        header = inbound.given.get(AUTHORIZATION, b"").decode("latin-1")
        if header[: len(SCHEME)].lower() != SCHEME:
            raise NotSignedIn("Send an access token: Authorization: Bearer …")
        token = header[len(SCHEME) :].strip()
        caller = self._sign_in.remembered(token) or await self._recognise(token, site(inbound.address))
        _allow(self._callers.take(caller.subject))
        return "Bearer " + self._tokens.token(caller.subject, caller.roles)

    async def _recognise(self, token: str, place: str) -> Caller:
        """Verify a new token; a place that keeps sending wrong ones is told to wait, but good ones are always let in.

        Each is verified first: many colleagues may share one address with whoever sends the wrong ones.
        """
        try:
            return await self._sign_in.recognise(token)
        except NotSignedIn:
            _allow(self._refusals.take(place))
            raise


def _allow(wait: int) -> None:
    if wait:
        raise TooManyRequests(headers={"Retry-After": str(wait)})
