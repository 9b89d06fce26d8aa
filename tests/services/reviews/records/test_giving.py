"""The record of a review is given by links that ask for a code; who opened one, and when, is kept."""

from typing import Any

from chassis.access.callers import Role
from tests.support.links import opened, read
from tests.support.reviews.office import Office
from tests.support.reviews.recording import written

CARER = {"name": "Ode Marlowe", "role": "Foster carer", "email": "carer@example.org"}


async def given(office: Office, path: str, **more: Any) -> dict[str, Any]:
    """The record of a review, given to the foster carer."""
    answer = await office.ask("POST", f"{path}/papers", {"recipients": [CARER]} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()[0])


async def test_a_record_is_given_by_a_link_that_asks_for_a_code(office: Office) -> None:
    path = await written(office, "P1")
    link = await given(office, path)
    assert (link["name"], link["role"], link["paper"]) == ("Ode Marlowe", "Foster carer", "record")
    address = await opened(office.client, link)
    assert "Decisions for Merrin Planted" in (await read(office.client, address)).text
    assert (await read(office.client, address, "pdf")).content.startswith(b"%PDF")
    (listed,) = (await office.ask("GET", f"{path}/papers")).json()
    assert [opening["form"] for opening in listed["openings"]] == ["html", "pdf"]
    (child,) = (await office.ask("GET", path)).json()["children"]
    assert child["distributed_to"] == ["Ode Marlowe, Foster carer"]
    assert (await office.ask("POST", f"/v1/reviews/papers/{link['id']}/revoke")).status_code == 204
    assert (await read(office.client, address)).status_code == 404


async def test_the_record_of_one_child_says_nothing_of_the_other(office: Office) -> None:
    path = await written(office, "P1", "P2")
    address = await opened(office.client, await given(office, path, person_id="P2"))
    page = (await read(office.client, address)).text
    assert page.count("Merrin Planted, born on") == 1
    assert "An eye test." not in page
    answer = await office.ask("POST", f"{path}/papers", {"recipients": [CARER], "person_id": "P9"})
    assert answer.status_code == 404


async def test_a_record_is_given_only_once_it_is_complete(office: Office) -> None:
    path = await written(office, "P1", complete=False)
    answer = await office.ask("POST", f"{path}/papers", {"recipients": [CARER]})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/record-incomplete")


async def test_only_those_who_may_see_a_restricted_child_give_the_record(office: Office) -> None:
    path = await written(office, "P1")
    await office.rows("UPDATE chassis.child SET restricted = true")
    stranger: dict[str, Any] = {"role": Role.BUSINESS_SUPPORT, "subject": "support-1"}
    assert (await office.ask("POST", f"{path}/papers", {"recipients": [CARER]}, **stranger)).status_code == 404
    assert (await office.ask("GET", f"{path}/papers", **stranger)).status_code == 404
