"""The weeks after a quarter's email, with what happens in them: somebody leaves, corrects, answers by telephone."""

import re
from datetime import timedelta
from typing import Any

import httpx

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.notifications.emails.newly_responsible import asked_quarter, follow_responsibility
from tests.support.journeys.loop import Loop, words
from tests.support.links import address_of

QUARTERLY, WEEKLY = "send_quarterly_escalations", "send_newly_responsible"
FIRST, SECOND = "officer-1@example.org", "officer-2@example.org"


async def a_second_officer(loop: Loop) -> None:
    """Another officer, who covers nothing yet."""
    await loop.put(
        "/v1/colleagues/officer-2",
        name="Invented officer-2",
        email=SECOND,
        positions=["liaison_officer"],
        starts_on="2018-01-01",
    )


def last_quarter() -> Any:
    """The quarter about which officers were asked last."""
    return asked_quarter(clock.today())


async def a_week_passes(loop: Loop) -> None:
    """Do what the week's morning does."""
    await follow_responsibility(loop.notifications.process, clock.today().isoformat(), clock.now())
    await loop.run(WEEKLY, period_of(PeriodKind.WEEK, clock.today()).label)


async def page_of(loop: Loop, address: str) -> str:
    """The page behind the link of the latest email to an address."""
    token = re.findall(r"/answer/([\w-]{43})", words(loop.postbox.to(address)[-1]))[0]
    async with httpx.AsyncClient(base_url=loop.escalations.base_url) as browser:
        await browser.get(f"/answer/{token}")
        return (await browser.get(address_of(browser))).text


async def covers_no_longer(loop: Loop) -> None:
    """The first officer's coverage ends."""
    headers = loop.notifications.as_(Role.ADMINISTRATOR)
    (row,) = (await loop.notifications.get("/v1/coverage?colleague_id=officer-1", headers=headers)).json()["items"]
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    kept = {name: row[name] for name in ("colleague_id", "agency_id", "starts_on")}
    answer = await loop.notifications.put(
        f"/v1/coverage/{row['id']}", json=kept | {"ends_on": yesterday}, headers=headers | {"If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text


async def changed(loop: Loop, reference: str, **change: Any) -> None:
    """Somebody corrects an escalation."""
    headers = loop.escalations.as_(Role.CHAIR, subject="chair-1")
    path = f"/v1/escalations/{reference}"
    tag = (await loop.escalations.get(path, headers=headers)).headers["ETag"]
    answer = await loop.escalations.patch(path, json=change, headers=headers | {"If-Match": tag})
    assert answer.status_code == 200, answer.text


async def answered(loop: Loop, reference: str, **answer: Any) -> None:
    """The first officer answers by telephone."""
    body = {"references": [reference], "on_behalf_of": "officer-1"} | answer
    given = await loop.escalations.post("/v1/answers", json=body, headers=loop.escalations.as_(Role.TEAM_MANAGER))
    assert given.status_code == 201, given.text
