"""What the gateway itself answers when it does not pass a request on."""

import math
from typing import Any, Self

from starlette.types import Send

from chassis.base.problems import Problem, TooLarge, TooManyRequests, responses

Headers = list[tuple[bytes, bytes]]


class RequestSlow(Problem):
    """The request's body did not arrive whole in time."""

    status = 408


class ServiceBrokeOff(Problem):
    """The service broke off before it had answered; whether it carried the request out is not known."""

    status = 502


class ServiceDown(Problem):
    """The service is down and the request did not reach it; the others answer."""

    status = 503

    @classmethod
    def of(cls, service: str, seconds: float) -> Self:
        """The problem of this service, with the seconds after which trying again makes sense."""
        return cls(service=service, headers={"Retry-After": str(max(1, math.ceil(seconds)))})


class ServiceBusy(ServiceDown):
    """The service is busy with as many requests as it takes at a time, and this one did not reach it."""


class ServiceSlow(Problem):
    """The service did not answer in time; whether it carried the request out is not known."""

    status = 504


class SignInUnreachable(Problem):
    """The sign-in service cannot be reached, so nobody new can be recognised at the moment."""

    status = 503


# Any request that passes through can be answered so by the gateway.
OF_THE_GATEWAY: tuple[type[Problem], ...] = (
    RequestSlow,
    TooLarge,
    TooManyRequests,
    ServiceBrokeOff,
    ServiceDown,
    ServiceSlow,
)


def responses_of_the_gateway() -> dict[type[Problem], dict[str, Any]]:
    """The OpenAPI response of each of those."""
    return {kind: responses(kind)[kind.status] for kind in OF_THE_GATEWAY}


async def answer(problem: Problem, send: Send, headers: Headers) -> None:
    """Answer with a problem, below the framework."""
    own = problem.response()
    await send({"type": "http.response.start", "status": own.status_code, "headers": own.raw_headers + headers})
    await send({"type": "http.response.body", "body": own.body})
