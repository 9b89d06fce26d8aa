"""Which looked-after children are on a child protection plan as well, as the conferences service tells it."""

from itertools import permutations
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from services.reviews.children.schemas import CarePage, WholeCareOut
from tests.support.reviews.office import JSON, Office, days_ago
from tests.support.reviews.receiving import receive

CHILDREN = "/v1/care"


async def receive_plan(office: Office, person_id: str, since: str | None, version: int) -> None:
    """The service hears since when a child is on a plan."""
    data = {"person_id": person_id, "protection_plan_since": since, "version": version}
    event: JSON = {"specversion": "1.0", "id": str(uuid4()), "source": "conferences", "subject": person_id}
    event |= {"type": "child.protection_plan_changed", "data": data}
    answer = await receive(office, event, secret_of="conferences")
    assert answer.status_code == 204, answer.text


async def since(office: Office, person_id: str = "P1") -> str | None:
    """Since when a child is on a plan, as reviews show it."""
    found: str | None = (await office.get(f"/v1/children/{person_id}/care"))["protection_plan_since"]
    return found


@pytest.mark.parametrize("known_before", [True, False])
async def test_who_is_on_a_plan_is_known_in_whichever_order_it_is_told(office: Office, *, known_before: bool) -> None:
    changes = {1: "2026-03-02", 4: None, 7: "2026-05-04"}
    for number, order in enumerate(permutations(changes)):
        person_id = f"P{number}"
        if known_before:
            await office.registered(person_id)
        for version in (*order, order[0]):
            await receive_plan(office, person_id, changes[version], version)
        if not known_before:
            await office.registered(person_id)
        assert await since(office, person_id) == "2026-05-04"
        await receive_plan(office, person_id, None, 8)
        assert await since(office, person_id) is None


async def test_children_in_both_are_listed_by_a_filter(office: Office) -> None:
    for person_id in ("P1", "P2", "P3"):
        await office.registered(person_id)
    await office.registered("P4", chair="chair-2", restricted=True)
    for person_id in ("P1", "P4", "P9"):
        await receive_plan(office, person_id, "2026-03-02", 1)
    await receive_plan(office, "P2", None, 2)

    async def listed(*, on_protection_plan: bool | None = None, subject: str = "chair-1") -> list[str]:
        query = {} if on_protection_plan is None else {"on_protection_plan": str(on_protection_plan).lower()}
        answer = await office.ask("GET", CHILDREN, params=query, subject=subject)
        return [item.person_id for item in CarePage.model_validate_json(answer.content, strict=True).items]

    assert await listed(on_protection_plan=True) == ["P1"]
    assert await listed(on_protection_plan=False) == ["P2", "P3"]
    assert await listed() == ["P1", "P2", "P3"]
    assert await listed(on_protection_plan=True, subject="chair-2") == ["P1", "P4"]


async def test_the_answer_to_a_change_says_it_too(office: Office) -> None:
    await receive_plan(office, "P1", "2026-03-02", 1)
    registered = await office.registered("P1", chair=None)
    answer = await office.put("P1", office.child(since=days_ago(20)), version=registered["version"])
    for body in (registered, answer.json()):
        assert body["protection_plan_since"] == "2026-03-02"
    read = await office.ask("GET", "/v1/children/P1/care", role=Role.TEAM_MANAGER)
    assert WholeCareOut.model_validate_json(read.content, strict=True).model_dump(mode="json") == answer.json()
