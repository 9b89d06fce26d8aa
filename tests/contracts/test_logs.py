"""What runs through the system leaves no name, no word that somebody wrote and no secret in its logs and figures."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.base.logs import ALLOWED
from chassis.law.periods import PeriodKind, period_of
from tests.support import keys
from tests.support.journeys.loop import Loop, whole_loop, words
from tests.support.links import send_form
from tests.support.logs import forget_loggers
from tests.support.running import Running

# One for each place where somebody can write; each is a word that stands nowhere else.
PLANTED = {
    "professional_name": "Quintessa Plantednamee",
    "professional_team": "Plantedteam Surgery",
    "note": "plantednote about a visit",
    "colleague": "Zebulon Plantedcolleague",
    "address": "plantedaddress@example.org",
    "officer": "Ottoline Plantedofficer",
    "resolution": "plantedresolution was found",
    "withdrawal": "plantedwithdrawal by mistake",
    "answer_note": "plantedanswernote from the officer",
    "challenge": "plantedchallenge about a plan",
    "outcome": "plantedoutcome of it",
    "worker": "Wilhelmina Plantedworker",
    "practice": "plantedpractice worth telling",
    "why": "plantedreason for looking",
    "area": "Plantedarea Vale",
    "agency": "Plantedagency Trust",
    "suppressed": "plantedsuppressed@example.org",
    "suppression": "plantedsuppression because",
    "refused": "plantedrefusedfield",
    "query": "plantedqueryvalue",
    "person": "PLANTEDPERSON1",
}
TOKEN = re.compile(r"/answer/([\w-]{20,})")


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything that the process has written until asked."""
    forget_loggers()
    written: list[str] = []

    def until_now() -> str:
        written.extend(capfd.readouterr())
        return "".join(written)

    yield until_now
    forget_loggers()


async def journey(loop: Loop) -> set[str]:
    """A quarter from raised to answered, with something planted wherever somebody writes; the links' secrets."""
    quarter = period_of(PeriodKind.QUARTER, clock.today()).previous()
    await loop.put("/v1/areas/planted", name=PLANTED["area"])
    await loop.put("/v1/agencies/planted", name=PLANTED["agency"], roles=["gp"])
    for who, name, address in (
        ("officer-1", PLANTED["officer"], PLANTED["address"]),
        ("chair-3", PLANTED["colleague"], "chair-3@example.org"),
    ):
        body = {"name": name, "email": address, "positions": ["liaison_officer"], "starts_on": "2018-01-01"}
        if who == "chair-3":
            await loop.put(f"/v1/colleagues/{who}", **body)
        else:
            await replaced(loop, f"/v1/colleagues/{who}", body)
    more = {field: PLANTED[field] for field in ("professional_name", "professional_team", "note")}
    more |= {"person_ids": [PLANTED["person"]]}  # type: ignore[dict-item]
    references = [await loop.raise_one(quarter.first + timedelta(days=9), **more) for _ in range(3)]
    await loop.run("send_quarterly_escalations", quarter.label)
    (mail,) = await loop.mails_to(PLANTED["address"])
    secrets = set(TOKEN.findall(words(mail)))
    await answered(loop, mail)
    await closed(loop, references)
    await informal(loop)
    return secrets


async def replaced(loop: Loop, path: str, body: dict[str, Any]) -> None:
    """Change an entry of the directory that is there already."""
    headers = loop.notifications.as_(Role.ADMINISTRATOR) | {"If-Match": '"1"'}
    answer = await loop.notifications.put(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def answered(loop: Loop, mail: Any) -> None:
    """The officer answers on the page: wrongly first, then rightly; and the chair is told."""
    link = TOKEN.search(words(mail))
    assert link
    await loop.escalations.get(link.group(), follow_redirects=True)
    wrong = {"scope": "all", "choice": PLANTED["query"], "note": PLANTED["answer_note"]}
    assert (await send_form(loop.escalations, wrong)).status_code == 422
    right = {"scope": "all", "choice": "dealt_with", "note": PLANTED["answer_note"]}
    assert "Answer received" in (await send_form(loop.escalations, right, follow_redirects=True)).text
    await loop.mails_to("chair-1@example.org")
    for token in (link[1], PLANTED["query"]):
        assert (await loop.escalations.post("/answer/new-link", data={"token": token})).status_code == 200
    assert (await loop.escalations.get(f"/answer/{PLANTED['query']}")).status_code == 404


async def closed(loop: Loop, references: list[str]) -> None:
    """One is resolved, the others are withdrawn; and somebody looks, and says why."""
    chair = loop.escalations.as_(Role.CHAIR, subject="chair-1")
    for reference, step, body in (
        (references[0], "resolve", {"resolution": PLANTED["resolution"]}),
        (references[1], "withdraw", {"reason": PLANTED["withdrawal"]}),
        (references[2], "withdraw", {"reason": PLANTED["note"]}),
    ):
        found = await loop.escalations.get(
            f"/v1/escalations/{reference}", headers=chair | {"Access-Reason": PLANTED["why"]}
        )
        headers = chair | {"If-Match": found.headers["ETag"]}
        done = await loop.escalations.post(f"/v1/escalations/{reference}/{step}", json=body, headers=headers)
        assert done.status_code == 200, done.text
    query = {"person_id": PLANTED["person"], "owner_id": PLANTED["query"]}
    assert (await loop.escalations.get("/v1/escalations", params=query, headers=chair)).status_code == 200


async def informal(loop: Loop) -> None:
    """A challenge, good practice, and an address to which nothing is sent."""
    chair = loop.escalations.as_(Role.CHAIR, subject="chair-1")
    people = {"person_ids": [PLANTED["person"]], "area_id": "north", "team": PLANTED["professional_team"]}
    challenge = people | {"theme": "transitions", "about": PLANTED["challenge"]}
    made = await loop.escalations.post("/v1/challenges", json=challenge, headers=chair)
    assert made.status_code == 201, made.text
    path = f"/v1/challenges/{made.json()['reference']}/resolve"
    headers = chair | {"If-Match": made.headers["ETag"]}
    done = await loop.escalations.post(path, json={"outcome": PLANTED["outcome"]}, headers=headers)
    assert done.status_code == 200, done.text
    practice = people | {"worker_name": PLANTED["worker"], "practice": PLANTED["practice"]}
    noted = await loop.escalations.post("/v1/good-practice", json=practice, headers=chair)
    assert noted.status_code == 201, noted.text
    manager = loop.notifications.as_(Role.TEAM_MANAGER, subject="manager-1")
    wanted = {"address": PLANTED["suppressed"], "reason": PLANTED["suppression"]}
    assert (await loop.notifications.post("/v1/messages/suppressions", json=wanted, headers=manager)).status_code == 201
    assert (
        await loop.notifications.post(
            "/v1/messages/suppressions/lift", json={"address": wanted["address"]}, headers=manager
        )
    ).is_success


async def failing(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that are refused, and one that breaks in the database with the planted words in its parameters."""
    chair = loop.escalations.as_(Role.CHAIR, subject="chair-1")
    bodies = [
        {PLANTED["refused"]: PLANTED["note"]},
        {"kind": PLANTED["query"], "professional_name": PLANTED["professional_name"]},
        {"person_ids": [PLANTED["professional_name"]]},
    ]
    for body in bodies:
        assert (await loop.escalations.post("/v1/escalations", json=body, headers=chair)).status_code == 422
    torn = f'{{"note": "{PLANTED["note"]}'
    headers = chair | {"Content-Type": "application/json"}
    assert (await loop.escalations.post("/v1/escalations", content=torn, headers=headers)).status_code == 400
    bearer = {"Authorization": f"Bearer {PLANTED['query']}.{PLANTED['refused']}.x"}
    assert (await loop.escalations.get("/v1/escalations", headers=bearer)).status_code == 401
    await loop.escalations.get(f"/v1/{PLANTED['query']}/{PLANTED['person']}", headers=chair)
    await loop.escalations.post("/webhooks/events", content=json.dumps(bodies[0]))
    await broken(loop, chair, monkeypatch)


async def broken(loop: Loop, chair: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses a row, and says so with the row's own words."""
    from services.escalations.challenges import actions

    def too_long(*_: Any, **__: Any) -> None:
        raise ValueError(f"{PLANTED['practice']} by {PLANTED['worker']}")

    monkeypatch.setattr(actions, "GoodPractice", too_long)
    body = {"person_ids": ["P1"], "area_id": "north", "team": "A", "worker_name": PLANTED["worker"]}
    answer = await loop.escalations.post(
        "/v1/good-practice", json=body | {"practice": PLANTED["practice"]}, headers=chair
    )
    assert answer.status_code == 500
    assert PLANTED["worker"] not in answer.text


async def test_no_name_and_no_secret_is_logged_or_counted(
    running: Running, said: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with whole_loop(running, log_level="debug") as loop:
        loop.postbox.answers = ["250 kept", "451 plantedrefusal for now"]
        secrets = await journey(loop)
        await failing(loop, monkeypatch)
        figures = [(await client.get("/metrics")).text for client in (loop.escalations, loop.notifications)]
        secrets |= {loop.escalations.as_(role)["Authorization"].removeprefix("Bearer ") for role in Role}
        secrets |= {loop.escalations.as_(Role.CHAIR, subject="chair-1")["Authorization"].removeprefix("Bearer ")}
        secrets |= {cookie.value or "" for cookie in loop.escalations.cookies.jar}
        addresses = {mail["To"] for mail in loop.postbox.mails}
    logged = said()
    check_that_it_was_watched(logged, figures)
    forbidden = {*PLANTED.values(), *secrets, *addresses, "plantedrefusal", "whsec_", keys.private_jwk("gateway")}
    for place, text in (("log", logged), *(("figures", figure) for figure in figures)):
        assert [word for word in forbidden if word and word in text] == [], place
        assert re.findall(r"(?i)planted\w*", text) == [], place


def check_that_it_was_watched(logged: str, figures: list[str]) -> None:
    """A log that was not captured holds no name either."""
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    said_of = {line["event"] for line in lines}
    assert {"request_answered", "event_handled", "mail_handed_over", "request_failed"} <= said_of
    assert {"escalations", "notifications"} <= {line["service"] for line in lines}
    assert len(lines) > 50
    assert all(line.keys() <= ALLOWED for line in lines)
    assert all("http_request_duration_seconds" in figure for figure in figures)
