"""Invitations to reviews: several at once, changed, withdrawn, and listed like those to conferences."""

from chassis.access.callers import Role
from tests.support.reviews.office import JSON, Office

MOTHER: JSON = {"name": "Ada Planted", "relationship": "mother", "email": "ada@example.org"}
SCHOOL: JSON = {"name": "Nye Coldstone", "relationship": "school", "agency_id": "education"}


async def invited(office: Office, review: JSON, *who: JSON) -> list[JSON]:
    """People who are invited together."""
    path = f"/v1/reviews/{review['reference']}/invitations"
    return list(await office.done("POST", path, {"invitations": [*who]}, status=201, version=1))


async def test_several_are_invited_at_once_and_listed(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    rows = await invited(office, review, MOTHER, SCHOOL)
    assert [row["name"] for row in rows] == ["Ada Planted", "Nye Coldstone"]
    page = await office.get("/internal/invitations", meeting_reference=review["reference"])
    assert {item["name"] for item in page["items"]} >= {"Ada Planted", "Nye Coldstone"}
    (school,) = (await office.get("/internal/invitations", agency_id="education"))["items"]
    assert (school["about"], school["id"], school["attendance"], school["report_due_on"]) == (
        "review",
        rows[1]["id"],
        None,
        None,
    )


async def test_nobody_is_invited_twice(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    await invited(office, review, MOTHER)
    path = f"/v1/reviews/{review['reference']}/invitations"
    again = await office.ask("POST", path, {"invitations": [SCHOOL, MOTHER, SCHOOL]}, version=2)
    assert office.problem(again) == {"invitations.1.name": "already_invited", "invitations.2.name": "already_invited"}


async def test_a_parent_without_an_email_is_written_to_at_their_address(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    father = {"name": "Bram Planted", "relationship": "father", "address": "5 Quay Row, Ravensby"}
    rows = await invited(office, review, MOTHER, SCHOOL | {"address": "1 School Lane"}, father)
    assert await office.published("review.parent_invited") == [
        {"invitation_id": rows[2]["id"], "reference": review["reference"]}
    ]
    service: JSON = {"role": Role.SERVICE, "subject": "notifications"}
    (parent,) = await office.get(f"/internal/reviews/{review['reference']}/parents", **service)
    assert parent == {
        "invitation_id": rows[2]["id"],
        "name": "Bram Planted",
        "address": "5 Quay Row, Ravensby",
        "person_ids": ["P1"],
    }


async def test_an_invitation_is_changed_and_withdrawn(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    (mother,) = await invited(office, review, MOTHER)
    path = f"/v1/invitations/{mother['id']}"
    changed = await office.done("PATCH", path, {"email": "new@example.org"}, version=1)
    assert (changed["email"], changed["name"], changed["version"]) == ("new@example.org", "Ada Planted", 2)
    report = await office.ask("PATCH", path, {"report_expected": True}, version=2)
    assert office.problem(report) == {"report_expected": "conferences_only"}
    assert (await office.ask("PATCH", path, {"name": "Ada"}, version=1)).status_code == 412
    again = await office.ask("POST", f"{path}/send-again")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-sent-by-email")
    withdrawn = await office.done("POST", f"{path}/withdraw", version=2)
    assert withdrawn["withdrawn_on"] is not None
    assert (await office.ask("POST", f"{path}/withdraw", version=3)).json()["type"] == "/problems/uninvited"
    assert (await office.get("/internal/invitations", withdrawn=True))["items"][0]["id"] == mother["id"]
    came = [{"invitation_id": mother["id"], "attendance": "attended"}]
    refused = await office.hold(review | {"version": 2}, attendance=came)
    assert office.problem(refused) == {"attendance.0.invitation_id": "of_this_review"}


async def test_nobody_is_uninvited_from_a_review_that_was_held_or_by_whoever_may_not(office: Office) -> None:
    await office.registered()
    review = await office.planned()
    (mother,) = await invited(office, review, MOTHER)
    path = f"/v1/invitations/{mother['id']}/withdraw"
    assert (await office.ask("POST", path, version=1, role=Role.SOCIAL_WORK_MANAGER)).status_code == 403
    assert (await office.hold(review | {"version": 2})).status_code == 200
    assert (await office.ask("POST", path, version=1)).json()["type"] == "/problems/review-not-open"
