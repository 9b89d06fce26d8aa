"""Who is asking, and whether they ask too often: token buckets in this process's memory.

With several gateway processes each grants its own share; that is enough to keep one caller from starving the rest. Who
does not sign in is counted by the proxy before the gateway.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from ipaddress import IPv6Address, ip_address

from chassis.access.callers import Caller, TokenIssuer
from chassis.base.problems import NotSignedIn, TooManyRequests
from gateway.inbound import Inbound
from gateway.settings import GatewaySettings
from gateway.sign_in import SignIn

# Whoever has been quiet longest is forgotten first; forgetting someone gives them a full bucket again.
REMEMBERED = 50_000
IPV6_SITE_BITS = 64


class Buckets:
    """One bucket of requests for each caller: it holds `burst` and refills at `rate` per second; rate 0 is no limit."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, caller: Hashable) -> int:
        """Take one request from a caller's bucket: 0 if there was one, else the seconds until there will be."""
        if not self.rate:
            return 0
        moment = self._clock()
        level = self._level(caller, moment)
        if level < 1:
            return math.ceil((1 - level) / self.rate)
        self._keep(caller, level - 1, moment)
        return 0

    def _level(self, caller: Hashable, moment: float) -> float:
        level, since = self._levels.get(caller, (float(self.burst), moment))
        return min(float(self.burst), level + (moment - since) * self.rate)

    def _keep(self, caller: Hashable, level: float, moment: float) -> None:
        self._levels[caller] = (level, moment)
        self._levels.move_to_end(caller)
        if len(self._levels) > REMEMBERED:
            self._levels.popitem(last=False)


def site(address: str) -> str:
    """Whom an address stands for: one IPv6 customer has a whole network of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> IPV6_SITE_BITS << IPV6_SITE_BITS))
    return address


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
