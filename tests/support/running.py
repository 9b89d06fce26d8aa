"""The types of the fixtures that give a test a database, a running service or a running gateway."""

from collections.abc import Awaitable, Callable

import httpx

from chassis.base.settings import Settings
from tests.support.serving import Client

DatabaseOf = Callable[..., Awaitable[Settings]]
Running = Callable[..., Awaitable[Client]]
GatewayWith = Callable[..., Awaitable[httpx.AsyncClient]]
