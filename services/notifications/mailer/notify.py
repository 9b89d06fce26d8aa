"""Sending by GOV.UK Notify, whose template holds ((subject)) and ((body)); it sends plain words alone.

Notify knows no idempotency key: after a try whose end is unknown the message is looked up by its reference first.
"""

import asyncio
from typing import Any

import httpx
import jwt

from chassis.base.clock import machine_now
from chassis.base.http import FAILURES, failure
from services.notifications.mailer.outcomes import Mail, Never, NotNow
from services.notifications.settings import NotificationsSettings

UUID_LENGTH = 36
TIMEOUT = httpx.Timeout(30, connect=5, pool=5)
# Our key or our machine's clock is wrong, their limit was reached, or they have a problem: later it may work.
LATER = frozenset({401, 403, 429, 500, 502, 503, 504})


class Notify:
    """GOV.UK Notify, by the key and template of the settings."""

    def __init__(self, settings: NotificationsSettings, http: httpx.AsyncClient) -> None:
        key = settings.notify_key.get_secret_value()
        # A key is its name, the service's identifier and the secret, as Notify's documentation describes.
        self._secret, self._service = key[-UUID_LENGTH:], key[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1]
        self._url = settings.notify_url.rstrip("/") + "/v2/notifications"
        self._template = settings.notify_template_id
        self._http = http

    async def send(self, mail: Mail) -> str:
        """Hand a message over to Notify; its identifier there."""
        if mail.tries > 1 and (known := await self._known(mail)):
            return known
        body = {
            "email_address": mail.address,
            "template_id": self._template,
            "personalisation": {"subject": mail.subject, "body": mail.text},
            "reference": str(mail.id),
        }
        made = await self._ask("POST", f"{self._url}/email", json=body)
        return str(made["id"])

    async def close(self) -> None:
        """Nothing is kept open here."""

    async def _known(self, mail: Mail) -> str | None:
        found = await self._ask("GET", self._url, params={"reference": str(mail.id), "template_type": "email"})
        return next((str(message["id"]) for message in found["notifications"]), None)

    async def _ask(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        token = jwt.encode({"iss": self._service, "iat": int(machine_now().timestamp())}, self._secret, "HS256")
        try:
            async with asyncio.timeout(TIMEOUT.read):
                answer = await self._http.request(
                    method, url, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT, **options
                )
            found: dict[str, Any] = {} if answer.is_error else answer.json()
        except FAILURES as error:
            raise NotNow(f"no answer, fate unknown: {failure(error)}") from error
        if answer.status_code in LATER:
            raise NotNow(f"refused for now: {answer.status_code}")
        if answer.is_error:
            raise Never(f"refused: {answer.status_code}")
        return found
