"""A child who is restricted after a history in every service is found nowhere by those who may not see the record."""

from collections.abc import AsyncIterator, Iterator
from itertools import product
from typing import Any

import pytest

from chassis.access.callers import Role
from tests.support.contracts import services
from tests.support.contracts.services import Operation, all_operations
from tests.support.journeys.restricted import ABOUT_CHILDREN, HIDDEN, NAMES, SEEN, House, house
from tests.support.running import Running
from tests.support.waiting import eventually

# Everybody who reads about children and sees no restricted record. Chair-1 chairs for both children.
STRANGERS = (
    (Role.CHAIR, "chair-2"),
    (Role.BUSINESS_SUPPORT, "support-1"),
    (Role.SOCIAL_WORK_MANAGER, "swm-1"),
    (Role.PERFORMANCE_ANALYST, "analyst-1"),
    (Role.LIAISON_OFFICER, "officer-1"),
)
READING = [
    operation
    for operation in all_operations(services.merged())
    if operation.method == "GET" and any(role in operation.roles for role, _ in STRANGERS)
]
# What fits each parameter that has to be given; those of a path that name a record are filled with the child's own.
GIVEN = {
    "agency_id": ["surgeries"],
    "area_id": ["north"],
    "colleague_id": ["chair-1"],
    "coverage_id": [services.UNKNOWN_ID],
    "event": ["nothing-such"],
    "event_on": ["2026-11-02"],
    "form": ["html"],
    "indicator": ["reviews"],
    "person_id": [HIDDEN, SEEN],
    "period": ["2026"],
    "print_run_id": [services.UNKNOWN_ID],
    "q": ["Curtained"],
}
RECORDS = {"reference", "answer_id", "decision_id", "plan_id", "invitation_id", "message_id"}
# Asked for the child, or for the chair, as well as for everything.
NARROWED = {"person_id": HIDDEN, "chair_id": "chair-1", "owner_id": "chair-1", "recipient_id": HIDDEN}


@pytest.fixture
async def made(running: Running) -> AsyncIterator[House]:
    """Two children with a history in every service."""
    async with house(running) as found:
        yield found


def addresses(operation: Operation, records: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every way to ask an operation for the child; a `KeyError` names a parameter that this test cannot fill."""
    path, query = operation.path, {}
    named: dict[str, Any] = {}
    for parameter in operation.document.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path":
            named[name] = sorted(records) if name in RECORDS else GIVEN[name]
        elif parameter["in"] == "query" and parameter.get("required"):
            query[name] = GIVEN[name][0]
    optional = {
        parameter["name"] for parameter in operation.document.get("parameters", ()) if parameter["in"] == "query"
    }
    narrowed = [{}, *({name: value} for name, value in NARROWED.items() if name in optional - named.keys())]
    for values in product(*named.values()):
        filled = path
        for name, value in zip(named, values, strict=True):
            filled = filled.replace("{" + name + "}", value)
        for more in narrowed:
            yield filled, query | ({"limit": "200"} if "limit" in optional else {}) | more


async def found(made: House, role: Role, subject: str, needles: set[str], records: set[str]) -> set[str]:
    """The operations whose answers to somebody name the child."""
    naming = set()
    for operation in READING:
        if role in operation.roles:
            for path, query in addresses(operation, records):
                answer = await made.ask("GET", path, role, subject, params=query)
                assert answer.status_code < 500, f"{path}: {answer.text}"
                if answer.status_code == 200 and any(needle in answer.text for needle in needles):
                    naming.add(f"{operation.path} {path} {query}")
    return naming


async def secrets_of(made: House) -> tuple[set[str], set[str]]:
    """What names the hidden child, and what a record of it can be asked for by."""
    hidden = set().union(*(await made.identifiers(HIDDEN)).values())
    own = {word for word in hidden if len(word) > len("P900009")}
    answers = {row["id"] for row in await made.rows("escalations", "SELECT id::text FROM answer")}
    return {HIDDEN, *NAMES.values(), *(own - answers)}, own


async def test_nothing_names_a_child_who_was_restricted_later(made: House) -> None:
    needles, records = await secrets_of(made)
    before = {who: await found(made, *who, needles, records) for who in STRANGERS[:3]}
    operations = {place.split()[0] for place in set().union(*before.values())}
    assert len(operations) > 25, "the history that this test looks for is not there"
    await made.restrict(HIDDEN, restricted=True)
    for who in STRANGERS:
        assert await found(made, *who, needles, records) == set(), who
    # Their chair and managers see them as before; so does everybody once the restriction is lifted.
    chair = {place.split()[0] for place in await found(made, Role.CHAIR, "chair-1", needles, records)}
    assert chair >= {place.split()[0] for place in before[STRANGERS[0]]}
    assert await found(made, Role.TEAM_MANAGER, "manager-1", needles, records)
    await made.restrict(HIDDEN, restricted=False)
    for who in STRANGERS[:3]:
        assert await found(made, *who, needles, records) == before[who], who


async def test_a_former_chair_sees_them_no_more_and_whoever_follows_does(made: House) -> None:
    await made.restrict(HIDDEN, restricted=True)
    body = {"to": "chair-2", "reason": "She leaves."}
    answer = await made.ask("POST", "/v1/chairs/chair-1/hand-over", Role.TEAM_MANAGER, "manager-1", json=body)
    assert answer.status_code == 201, answer.text
    sql = "SELECT DISTINCT chair_id FROM chassis.child_visibility WHERE person_id = $1 AND chair_id IS NOT NULL"

    async def followed() -> bool:
        return all([await made.rows(name, sql, HIDDEN) == [{"chair_id": "chair-2"}] for name in ABOUT_CHILDREN])

    assert await eventually(followed)
    path = f"/v1/escalations?person_id={HIDDEN}"
    assert (await made.ask("GET", path, Role.CHAIR, "chair-1")).json()["items"] == []
    assert (await made.ask("GET", path, Role.CHAIR, "chair-2")).json()["items"]
    own = f"/v1/children/{HIDDEN}/care"
    assert (await made.ask("GET", own, Role.CHAIR, "chair-1")).status_code == 404
    assert (await made.ask("GET", own, Role.CHAIR, "chair-2")).status_code == 200


async def test_what_is_hidden_cannot_be_written_to(made: House) -> None:
    await made.restrict(HIDDEN, restricted=True)
    records = await made.identifiers(HIDDEN)
    asked = 0
    for operation in all_operations(services.merged()):
        changes = operation.method in {"PATCH", "POST", "PUT", "DELETE"} and Role.CHAIR in operation.roles
        names = [
            parameter["name"] for parameter in operation.document.get("parameters", ()) if parameter["in"] == "path"
        ]
        if not changes or names not in (["reference"], ["person_id"], ["decision_id"], ["invitation_id"]):
            continue
        every = {HIDDEN} if names == ["person_id"] else set().union(*records.values())
        for value in every:
            path = operation.path.replace("{" + names[0] + "}", value)
            headers = {"If-Match": '"1"', "Idempotency-Key": f"key-{asked}"} | operation.headers
            answer = await made.ask(
                operation.method, path, Role.CHAIR, "chair-2", headers=headers, content=operation.body
            )
            # What is wrong with the body is said before the record is looked for, to everybody alike.
            assert answer.status_code in {404, 422, 428}, f"{operation.label}: {answer.status_code} {answer.text}"
            asked += 1
    assert asked > 30
    for path, body in await bodies(made):
        answer = await made.ask(
            "PATCH" if path.count("/") == 3 else "POST",
            path,
            Role.CHAIR,
            "chair-2",
            headers={"If-Match": '"1"'},
            json=body,
        )
        assert answer.status_code == 404, f"{path}: {answer.text}"


async def bodies(made: House) -> list[tuple[str, dict[str, Any]]]:
    """Changes that nothing is wrong with but that the record is hidden."""
    records = await made.identifiers(HIDDEN)

    def of(service: str, prefix: str) -> str:
        return min(record for record in records[service] if record.startswith(prefix))

    escalation, challenge = of("escalations", "ESC-"), of("escalations", "CHA-")
    return [
        (f"/v1/reviews/{of('reviews', 'REV-')}", {"venue": "Town Hall"}),
        (f"/v1/conferences/{of('conferences', 'CONF-')}", {"venue": "Town Hall"}),
        (f"/v1/escalations/{escalation}", {"note": "Nothing."}),
        (f"/v1/escalations/{escalation}/resolve", {"resolution": "Done."}),
        (f"/v1/challenges/{challenge}/resolve", {"outcome": "Done."}),
        (f"/v1/children/{HIDDEN}/contacts", {"kind": "visit", "happened_on": "2026-11-02"}),
    ]
