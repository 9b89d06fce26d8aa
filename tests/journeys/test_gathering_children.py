"""Children whom reviews and conferences kept for themselves are brought over: one owner, one identity, all told."""

from typing import Any

import pytest

from chassis.access.callers import Role
from services.children.conflicts.gathering import Gathered, gather
from tests.support.children.desk import DIRECTORY
from tests.support.conferences.desk import Desk
from tests.support.reviews.office import Office
from tests.support.running import Running
from tests.support.serving import Client, free_port
from tests.support.settings import subscriber
from tests.support.waiting import eventually

FOUND = """
    INSERT INTO chassis.child
        (person_id, family_name, born_on, school, area_id, restricted, merged_into, disabilities, siblings, version)
    VALUES ($1, $2, '2012-05-14', $3, 'north', $4, $5, '{}', '{}', 0) RETURNING person_id
"""
MERGED = """
    INSERT INTO person_merge (id, from_person_id, into_person_id, reason, merged_at, merged_by, moved, left_behind)
    VALUES (gen_random_uuid(), 'P9', 'P1', 'Entered twice.', now(), 'manager-1', '[]', '[]') RETURNING id
"""


@pytest.fixture
async def house(running: Running) -> tuple[Client, Office, Desk]:
    """The owner of children with its worker, and both services that kept some before there was one."""
    ports = {name: free_port() for name in ("children", "reviews", "conferences")}
    address = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    listeners = [subscriber("children", name, address[name]) for name in ("reviews", "conferences")]
    told: dict[str, Any] = {"worker_in_web": True, "children_url": address["children"]}
    office = Office(await running("reviews", port=ports["reviews"], **told))
    desk = Desk(await running("conferences", port=ports["conferences"], **told))
    children = await running(
        "children",
        port=ports["children"],
        worker_in_web=True,
        webhook_subscribers=listeners,
        reviews_url=address["reviews"],
        conferences_url=address["conferences"],
    )
    return children, office, desk


async def test_what_both_kept_has_one_owner_and_is_told_to_both(house: tuple[Client, Office, Desk]) -> None:
    """Nothing is lost: what one alone knew is known to both, and where they disagree a person is shown both values."""
    children, office, desk = house
    await children.process.database.statements.rows(DIRECTORY + " RETURNING id")
    for service, said in (
        (office, ("P1", "Invented", None, False, None)),
        (office, ("P2", "Planted", None, True, None)),
        (office, ("P9", "Invented", None, False, "P1")),
        (desk, ("P1", "Otherwise", "Dyke Lane", False, None)),
        (desk, ("P2", "Planted", None, False, None)),
        (desk, ("P3", "Elmsgate", None, False, None)),
    ):
        await service.rows(FOUND, *said)
    await office.rows(MERGED)

    assert await gather(children.process) == Gathered(children=6, new=4, merges=1)

    async def identities(service: Office | Desk) -> dict[str, tuple[Any, ...]]:
        sql = "SELECT person_id, family_name, school, restricted, merged_into FROM chassis.child WHERE version > 0"
        return {row["person_id"]: tuple(row.values())[1:] for row in await service.rows(sql)}

    everybody = {
        "P1": ("Otherwise", "Dyke Lane", False, None),
        "P2": ("Planted", None, True, None),
        "P3": ("Elmsgate", None, False, None),
        "P9": ("Invented", None, False, "P1"),
    }

    async def all_told() -> bool:
        return await identities(office) == everybody == await identities(desk)

    assert await eventually(all_told), (await identities(office), await identities(desk))
    manager = children.as_(Role.TEAM_MANAGER, subject="manager-1")
    conflicts = (await children.get("/v1/child-conflicts", headers=manager)).json()["items"]
    assert {tuple(conflict[name] for name in ("person_id", "field", "kept", "found")) for conflict in conflicts} == {
        ("P1", "family_name", "Otherwise", "Invented"),
        ("P2", "restricted", "yes", "no"),
    }
    assert await gather(children.process) == Gathered(), "nobody is left of whom the owner said nothing"
