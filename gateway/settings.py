"""What the gateway is told by its environment: where the services are, who may sign in, and its limits."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, IPvAnyNetwork

from chassis.access.callers import GATEWAY, OUTSIDE_ROLES, Role
from chassis.base.council import CouncilSettings

# So many addresses together are taken for everybody: a sixty-fourth of IPv4 or of IPv6.
EVERYBODY = {4: 2**26, 6: 2**122}


def _of_outside(role: Role) -> Role:
    if role not in OUTSIDE_ROLES:
        raise ValueError(f"The role {role} is for our own services alone, which do not sign in")
    return role


OutsideRole = Annotated[Role, AfterValidator(_of_outside)]


class Issuer(BaseModel):
    """A sign-in service whose access tokens are accepted, and how its claims are understood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(description="Its address, exactly as the tokens' `iss` says it.")
    audiences: list[str] = Field(min_length=1, description="Tokens are for one of these: this API's own identifiers.")
    discovery_url: str | None = Field(
        default=None, description="Its discovery document, where that is not below the issuer's address."
    )
    tokens: Literal["standard", "entra", "keycloak"] = Field(
        default="standard", description="How its access tokens differ from its identity tokens; RFC 9068 by default."
    )
    subject_claim: str = Field(default="sub", description="The claim that holds the colleague's identifier.")
    roles_claim: str = Field(default="roles", description="The claim that holds roles or groups; dots lead inwards.")
    roles: dict[str, list[OutsideRole]] = Field(
        default_factory=dict, description="Our roles for each value of that claim."
    )
    machines: dict[str, list[OutsideRole]] = Field(
        default_factory=dict, description="The roles of each machine that signs in by itself, by its client identifier."
    )

    @property
    def discovery(self) -> str:
        """Where the discovery document is."""
        return self.discovery_url or self.issuer.rstrip("/") + "/.well-known/openid-configuration"


class GatewaySettings(CouncilSettings):
    """The gateway's settings."""

    service_name: str = Field(default=GATEWAY, description="The process's own name.")
    services: dict[str, str] = Field(
        default_factory=lambda: {
            "children": "http://127.0.0.1:8005",
            "reports": "http://127.0.0.1:8006",
            "reviews": "http://127.0.0.1:8001",
            "conferences": "http://127.0.0.1:8002",
            "escalations": "http://127.0.0.1:8003",
            "notifications": "http://127.0.0.1:8004",
        },
        description="Where each service's web process is: a JSON object of {name: address}.",
    )
    issuers: list[Issuer] = Field(
        default_factory=list, description="The sign-in services that are trusted, as a JSON list; see docs/sign-in.md."
    )
    keys_refetched_seconds: float = Field(
        default=10, description="An issuer's keys are fetched anew for an unknown key at most once in so many seconds."
    )
    keys_kept_seconds: float = Field(
        default=600, description="Seconds for which an issuer's keys are used before they are looked up again."
    )
    token_remembered_seconds: float = Field(
        default=60, le=60, description="Seconds for which a token that was found good is not checked again."
    )
    development_sign_in: bool = Field(
        default=False, description="Development only: anybody may choose a role and is given a token for it."
    )
    development_people: dict[Role, str] = Field(
        default_factory=dict, description="Development only: whom the development sign-in takes for each role."
    )
    body_limit_bytes: int = Field(default=1024 * 1024, description="The largest request body, in bytes.")
    page_body_limit_bytes: int = Field(default=16 * 1024, description="The same where nobody signs in.")
    import_limit_bytes: int = Field(default=100 * 1024 * 1024, description="The same for imports of history.")
    connect_seconds: float = Field(default=3, description="Seconds in which a service accepts a connection.")
    answer_seconds: float = Field(default=30, description="Seconds in which a service begins, or goes on, to answer.")
    import_answer_seconds: float = Field(default=300, description="The same for imports of history.")
    body_seconds: float = Field(default=30, description="Seconds in which the whole of a request's body arrives.")
    import_body_seconds: float = Field(default=300, description="The same for imports of history.")
    connections_per_service: int = Field(default=100, ge=1, description="Connections to one service at the same time.")
    imports_per_service: int = Field(default=4, ge=1, description="Further connections to one service, for imports.")
    keep_alive_seconds: float = Field(
        default=4, description="Seconds an idle connection to a service is kept; less than the service keeps it."
    )
    requests_per_second: float = Field(default=50, description="Requests a caller may make per second; 0: no limit.")
    request_burst: int = Field(default=200, ge=1, description="Requests a caller may make at once after a pause.")
    refusals_per_second: float = Field(
        default=1, description="Tokens found wrong per second from one address before it must wait; 0: no limit."
    )
    refusal_burst: int = Field(default=60, ge=1, description="Wrong tokens at once after a pause.")
    allowed_origins: list[str] = Field(
        default_factory=list, description="Front ends on other origins that may call the API from a browser."
    )
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default_factory=list, description="Networks of the load balancers whose X-Forwarded-For is believed."
    )
    operations_networks: list[IPvAnyNetwork] = Field(
        default_factory=lambda: [
            ip_network(one)
            for one in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
        ],
        description="From these networks health and metrics can be read; for everybody else they are not there.",
    )
    failures_before_break: int = Field(
        default=5, ge=1, description="A service that could not be reached so many times in a row is left alone."
    )
    break_seconds: float = Field(default=5, description="Seconds for which it is left alone before one request tries.")

    def development_only(self) -> list[str]:
        """What of these settings no production may use."""
        found = super().development_only()
        if self.development_sign_in:
            found.append("DEVELOPMENT_SIGN_IN lets anybody be anybody.")
        if any(not one.issuer.startswith("https://") for one in self.issuers):
            found.append("ISSUERS names a sign-in service without https.")
        if any(not one.discovery.startswith("https://") for one in self.issuers):
            found.append("ISSUERS names a discovery document without https.")
        if any(not origin.startswith("https://") for origin in self.allowed_origins):
            found.append("ALLOWED_ORIGINS names a front end without https.")
        for name, networks in (
            ("TRUSTED_PROXIES", self.trusted_proxies),
            ("OPERATIONS_NETWORKS", self.operations_networks),
        ):
            if _mean_everybody(networks):
                found.append(f"{name} means everybody: name the networks that are yours.")
        return found

    def missing_in_production(self) -> list[str]:
        """What production cannot do without and was not given."""
        missing = super().missing_in_production()
        if not self.issuers:
            missing.append("ISSUERS is not set: nobody could sign in.")
        if not self.trusted_proxies:
            missing.append("TRUSTED_PROXIES is not set: every caller would seem to be the proxy.")
        return missing


def _mean_everybody(networks: Iterable[IPvAnyNetwork]) -> bool:
    """Whether networks hold, together, a sixty-fourth of all addresses of their kind or more."""
    kinds = (
        (4, collapse_addresses(one for one in networks if isinstance(one, IPv4Network))),
        (6, collapse_addresses(one for one in networks if isinstance(one, IPv6Network))),
    )
    return any(sum(one.num_addresses for one in many) >= EVERYBODY[kind] for kind, many in kinds)
