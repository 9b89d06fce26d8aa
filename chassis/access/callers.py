"""Who is asking and what they may: typed, declared by each endpoint, and proven by a signed internal token.

Nothing trusts a bare header. The gateway says who a person is in a token that it signs and that lives for a minute;
a service that asks another one signs for itself. Each process holds its own private key and the others' public ones.
"""

import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer
from jwt.algorithms import OKPAlgorithm

from chassis.base.clock import machine_now
from chassis.base.fields import Omittable
from chassis.base.problems import Forbidden, NotSignedIn
from chassis.base.settings import Settings

AUDIENCE = "internal"
TYPE = "internal+jwt"
ALGORITHM = "EdDSA"
GATEWAY = "gateway"
LIFETIME_SECONDS = 60
# The same words are signed anew so often: a token is never used in its last seconds.
SIGNED_EVERY_SECONDS = 45
# Signing and verifying take longer than many a request.
REMEMBERED = 10_000


class Role(StrEnum):
    """What somebody is to this system; one person may be several."""

    CHAIR = "chair"
    TEAM_MANAGER = "team_manager"
    BUSINESS_SUPPORT = "business_support"
    SOCIAL_WORK_MANAGER = "social_work_manager"
    PERFORMANCE_ANALYST = "performance_analyst"
    LIAISON_OFFICER = "liaison_officer"
    ADMINISTRATOR = "administrator"
    CASE_MANAGEMENT = "case_management"
    SERVICE = "service"


# What the API's document says of an operation, and of a part of an answer: the roles that it is for.
ROLES = "x-roles"
# Our own services prove who they are by keys of their own: no sign-in makes anybody one of them.
OUTSIDE_ROLES = frozenset(Role) - {Role.SERVICE}


@dataclass(frozen=True)
class Caller:
    """The person or service that makes a request.

    `subject` is the colleague's identifier in the directory, or a service's name; `why` is the reason that they
    gave for looking, for the audit.
    """

    subject: str
    roles: frozenset[Role]
    why: str | None = None

    def is_any(self, *roles: Role) -> bool:
        """Whether the caller has one of these roles."""
        return not self.roles.isdisjoint(roles)


class TokenIssuer:
    """Says, signed by this process, who is asking."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.service_name
        self._jwk = json.loads(settings.internal_signing_key.get_secret_value())
        self._key = cast("Ed25519PrivateKey", OKPAlgorithm.from_jwk(self._jwk))
        self._signed = lru_cache(REMEMBERED)(self._sign)

    def token(self, subject: str, roles: Iterable[Role]) -> str:
        """A signed token for this subject with these roles; it lives between 15 and 60 seconds more."""
        now = int(machine_now().timestamp())
        return self._signed(subject, tuple(sorted(roles)), now - now % SIGNED_EVERY_SECONDS)

    def own_token(self) -> str:
        """A token by which this service speaks for itself."""
        return self.token(self.issuer, [Role.SERVICE])

    def _sign(self, subject: str, roles: tuple[Role, ...], issued_at: int) -> str:
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": subject,
            "roles": roles,
            "iat": issued_at,
            "exp": issued_at + LIFETIME_SECONDS,
        }
        headers = {"typ": TYPE, "kid": self._jwk["kid"]}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers=headers)


class TokenReader:
    """Reads internal tokens, by the keys that are trusted of each issuer."""

    def __init__(self, trusted: Mapping[str, Mapping[str, Any]]) -> None:
        self._trusted = trusted
        self._verified = lru_cache(REMEMBERED)(self._verify)

    @classmethod
    def of(cls, settings: Settings) -> "TokenReader":
        """A reader that trusts the public keys of the settings."""
        keys = settings.internal_trusted_keys
        return cls({issuer: {key["kid"]: OKPAlgorithm.from_jwk(key) for key in many} for issuer, many in keys.items()})

    def caller(self, token: str) -> Caller:
        """Who is asking; `NotSignedIn` if the token is not one of ours, or no longer."""
        expires_at, caller = self._verified(token)
        if expires_at <= machine_now().timestamp():
            raise NotSignedIn
        return caller

    def _verify(self, token: str) -> tuple[float, Caller]:
        try:
            header = jwt.get_unverified_header(token)
            issuer = str(jwt.decode(token, options={"verify_signature": False}).get("iss"))
            key = self._trusted[issuer][header["kid"]]
            if header.get("typ") != TYPE:
                raise NotSignedIn
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=issuer,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
            roles = frozenset(Role(role) for role in claims["roles"])
        except (jwt.PyJWTError, KeyError, ValueError, TypeError):
            raise NotSignedIn from None
        if issuer != GATEWAY and (claims["sub"] != issuer or roles != {Role.SERVICE}):
            raise NotSignedIn
        return float(claims["exp"]), Caller(claims["sub"], roles)


_roles: ContextVar[frozenset[Role]] = ContextVar("roles", default=frozenset())


def roles_of_caller() -> frozenset[Role]:
    """The roles of whoever asks for what this process answers at the moment."""
    return _roles.get()


bearer = HTTPBearer(
    auto_error=False, scheme_name="accessToken", description="An access token of the council's sign-in."
)


class RoleGuard(HTTPBearer):
    """A dependency that answers with the caller if they have one of its roles; tests read `roles` off it.

    It is the sign-in that the document shows.
    """

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(auto_error=False, scheme_name=bearer.scheme_name, description=bearer.model.description)
        self.roles = roles

    async def __call__(  # type: ignore[override]
        self,
        request: Request,
        access_reason: Annotated[
            Omittable[str], Header(max_length=500, description="Why the caller looks at a record; kept in the audit.")
        ] = None,
    ) -> Caller:
        """The caller; `NotSignedIn` without a good token, `Forbidden` without a fitting role."""
        credentials = await super().__call__(request)
        if credentials is None:
            raise NotSignedIn
        reader = cast("TokenReader", request.app.state.process.token_reader)
        caller = reader.caller(credentials.credentials)
        # A refusal is written into the audit with who was refused.
        request.state.caller = caller
        _roles.set(caller.roles)
        if self.roles.isdisjoint(caller.roles):
            raise Forbidden(f"This needs one of the roles {', '.join(sorted(self.roles))}.")
        return replace(caller, why=access_reason)


def may(*roles: Role) -> Any:
    """Declare who may call an endpoint.

    `caller: Annotated[Caller, may(Role.CHAIR)]`.
    """
    return Depends(RoleGuard(frozenset(roles)))


def signed_in() -> Any:
    """Declare an endpoint for anybody who is signed in, whatever their role."""
    return may(*OUTSIDE_ROLES)
