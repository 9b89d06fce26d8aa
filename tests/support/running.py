"""The types of the fixtures that give a test a database and a running service."""

from collections.abc import Awaitable, Callable

from chassis.base.settings import Settings
from tests.support.serving import Client

DatabaseOf = Callable[..., Awaitable[Settings]]
Running = Callable[..., Awaitable[Client]]
