"""Changes of the directory, letters that were read and webhook endpoints are audited."""

from typing import Any
from uuid import uuid4

from chassis.access.callers import Role
from tests.support.notifications.directory import AREA, COLLEAGUE, put
from tests.support.running import Running
from tests.support.serving import Client

ENTRIES = "SELECT caller, action, record FROM chassis.audit_entry ORDER BY at, id"


async def entries(client: Client, *actions: str) -> list[dict[str, Any]]:
    rows = await client.process.database.statements.rows(ENTRIES)
    return [dict(row) for row in rows if row["action"] in actions]


async def test_every_change_of_the_directory_says_who_made_it_and_of_what(running: Running) -> None:
    client = await running("notifications")
    await put(client, "areas/north", AREA)
    await put(client, "agencies/surgeries", {"name": "Surgeries", "roles": ["gp"]})
    await put(client, "colleagues/officer", COLLEAGUE)
    await put(client, "colleagues/officer", COLLEAGUE | {"email": "another@example.org"}, '"1"')
    covered = {"colleague_id": "officer", "agency_id": "surgeries", "starts_on": "2020-01-01"}
    administrator = client.as_(Role.ADMINISTRATOR)
    made = (await client.post("/v1/coverage", json=covered, headers=administrator)).json()
    changed = covered | {"ends_on": "2030-01-01"}
    put_again = administrator | {"If-Match": '"1"'}
    assert (await client.put(f"/v1/coverage/{made['id']}", json=changed, headers=put_again)).status_code == 200
    audited = await entries(client, "put_area", "put_agency", "put_colleague", "put_coverage")
    assert [entry["record"] for entry in audited] == [
        "area north: created",
        "agency surgeries: created",
        "colleague officer: created",
        "colleague officer: email",
        f"coverage {made['id']}: created",
        f"coverage {made['id']}: ends_on",
    ]
    assert {entry["caller"] for entry in audited} == {"someone"}


async def test_reading_a_letter_is_written_down(running: Running) -> None:
    client = await running("notifications")
    message_id = uuid4()
    await client.process.database.statements.rows(
        "INSERT INTO message (id, template, recipient_id, address, subject, html, text, state, queued_at, tries, attempts,"
        " person_ids) VALUES ($1, 'consultation', 'P1', '', 'A letter', '<p>', '-', 'to_print', now(), 0, '[]', '{P1}')",
        message_id,
    )
    support = client.as_(Role.BUSINESS_SUPPORT)
    assert (await client.get(f"/v1/messages/{message_id}", headers=support)).status_code == 200
    assert len((await client.get("/v1/messages", headers=support)).json()["items"]) == 1
    assert (await client.post(f"/v1/messages/{message_id}/printed", headers=support)).status_code == 200
    audited = await entries(client, "get_message", "list_messages", "print_letter")
    assert [entry["record"] for entry in audited] == [str(message_id), "messages", str(message_id)]


async def test_who_lets_others_listen_is_written_down_and_the_secret_is_kept_nowhere_else(running: Running) -> None:
    client = await running("notifications", allow_private_webhook_addresses=True)
    administrator = client.as_(Role.ADMINISTRATOR)
    wanted = {"url": "http://127.0.0.1:9/hook"}
    keyed = administrator | {"Idempotency-Key": "register-once"}
    registered = await client.post("/v1/webhook-endpoints", json=wanted, headers=keyed)
    assert registered.status_code == 201
    assert registered.json()["secret"].startswith("whsec_")
    again = await client.post("/v1/webhook-endpoints", json=wanted, headers=keyed)
    assert (again.status_code, again.json()) == (201, registered.json() | {"secret": None})
    kept = await client.process.database.statements.rows("SELECT body FROM chassis.idempotent_answer")
    assert [row["body"] for row in kept if registered.json()["secret"] in row["body"]] == []
    place = f"/v1/webhook-endpoints/{registered.json()['id']}"
    for verb, status in (("rotate-secret", 200), ("test", 202), ("disable", 200), ("enable", 200)):
        assert (await client.post(f"{place}/{verb}", headers=administrator)).status_code == status
    assert (await client.post(f"{place}/replay", json={}, headers=administrator)).status_code == 202
    read = {"If-Match": (await client.get(place, headers=administrator)).headers["ETag"]}
    other = {"url": "http://127.0.0.1:9/other"}
    assert (await client.put(place, json=other, headers=administrator | read)).status_code == 200
    assert (await client.delete(place, headers=administrator)).status_code == 204
    verbs = ("register", "test", "disable", "enable", "replay", "change", "remove")
    audited = await entries(client, *(f"{verb}_webhook_endpoint" for verb in verbs), "rotate_webhook_secret")
    assert len(audited) == 8
    assert all(registered.json()["id"] in entry["record"] for entry in audited)
