"""All letters that wait are printed in one go: each once, to a name at an address, and as often as the PDF is needed."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from chassis.access.callers import Role
from chassis.children.models import ChildIdentityBase
from services.notifications.letters import actions
from tests.support.children.replica import identity, owner
from tests.support.notifications.other_services import Notifications, child, in_days, running_notifications
from tests.support.running import Running
from tests.support.settings import OF_THE_COUNCIL

RUNS = "/v1/messages/print-runs"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HEADER, POINT = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), zlib.compress(bytes(4))
PNG = b"\x89PNG\r\n\x1a\n" + HEADER + chunk(b"IDAT", POINT) + chunk(b"IEND", b"")


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    said: dict[str, Any] = {"area_id": "north", "family_name": "Planted"}
    known: dict[str, ChildIdentityBase] = {
        "P1": identity("P1", given_name="Merrin", address="12 Mill Lane, Ravensby\nNS1 2AB", **said),
        "P2": identity("P2", given_name="Wren", address="3 High Street, Ravensby", **said),
        "P3": identity("P3", given_name="Nye", **said),
    }
    async with owner(known) as url:
        given = {"children_url": url} | OF_THE_COUNCIL
        async with running_notifications(running, **given) as notifications:
            yield notifications


async def waiting(notifications: Notifications) -> None:
    """Letters to a child of 5, to one of 15, and to one without an address."""
    ages = {"P1": 5, "P2": 15, "P3": 10}
    notifications.others.review(*(child(who, email=None, age=age) for who, age in ages.items()))
    assert await notifications.tell_of_review("planned") == 204


async def states(notifications: Notifications) -> dict[str, str]:
    return {row["recipient_id"]: row["state"] for row in await notifications.messages() if row["address"] == ""}


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


async def test_letters_go_to_a_name_at_an_address_in_words_for_the_age(notifications: Notifications) -> None:
    await waiting(notifications)
    made = await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)
    assert made.status_code == 201, made.text
    run = made.json()
    assert (run["letters"], run["without_address"]) == (2, 1)
    assert made.headers["location"] == run["path"]
    assert await states(notifications) == {"P1": "printed", "P2": "printed", "P3": "to_print"}
    first = await notifications.ask("GET", run["path"], role=Role.BUSINESS_SUPPORT)
    assert first.headers["content-type"] == "application/pdf"
    assert b"pdfuaid" in first.content
    said = pages(first.content)
    beginnings = [page for page in said if "Dear " in page]
    assert "Merrin Planted\n12 Mill Lane\nRavensby\nNS1 2AB" in beginnings[0]
    assert "There is a meeting about you" in beginnings[0] and "Northshire County Council" in beginnings[0]
    assert "Wren Planted\n3 High Street\nRavensby" in beginnings[1] and "Dear Wren," in beginnings[1]
    assert "You have a right to an advocate" in " ".join(beginnings[1].split())
    assert "chair-1@example.org" in "".join(said) and "Page 1 of 2" in beginnings[1]
    again = await notifications.ask("GET", run["path"], role=Role.BUSINESS_SUPPORT)
    assert pages(again.content) == said
    nothing = await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-to-print")


async def test_two_who_print_at_once_share_the_letters(notifications: Notifications) -> None:
    await waiting(notifications)
    answers = await asyncio.gather(*(notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT) for _ in range(3)))
    printed = [answer.json()["letters"] for answer in answers if answer.status_code == 201]
    assert sum(printed) == 2
    assert {answer.status_code for answer in answers} <= {201, 409}


async def test_letters_without_an_address_hold_up_no_others(
    notifications: Notifications, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_LETTERS", 1)
    notifications.others.review(child("P3", email=None), child("P1", email=None), child("P2", email=None))
    assert await notifications.tell_of_review("planned") == 204
    for printed in ("P1", "P2"):
        run = (await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)).json()
        assert (run["letters"], run["without_address"]) == (1, 1)
        assert (await states(notifications))[printed] == "printed"
    assert (await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)).status_code == 409


@pytest.mark.parametrize(("news", "waits"), [("moved", True), ("held", False), ("cancelled", False)])
async def test_a_letter_that_is_no_longer_true_is_never_printed(
    notifications: Notifications, news: str, *, waits: bool
) -> None:
    notifications.others.review(child("P1", email=None))
    assert await notifications.tell_of_review("planned") == 204
    assert await notifications.tell_of_review(news, version=2) == 204
    letters = [row for row in await notifications.messages() if row["address"] == ""]
    assert [row["state"] for row in letters] == ["outdated", *(["to_print"] if waits else [])]
    run = await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)
    assert run.status_code == (201 if waits else 409)


async def test_a_letter_about_a_review_that_was_not_held_after_all_is_written_anew(
    notifications: Notifications,
) -> None:
    notifications.others.review(child("P1", email=None), child("P2", email=None))
    assert await notifications.tell_of_review("planned") == 204
    assert await notifications.tell_of_review("held", version=2) == 204
    assert await states(notifications) == {"P1": "outdated", "P2": "outdated"}
    assert await notifications.tell_of_review("reopened", version=3, state="planned") == 204
    letters = [row["state"] for row in await notifications.messages() if row["address"] == ""]
    assert letters == ["outdated", "outdated", "to_print", "to_print"]


async def test_a_letter_that_was_printed_is_not_written_anew(notifications: Notifications) -> None:
    notifications.others.review(child("P1", email=None))
    assert await notifications.tell_of_review("planned") == 204
    assert (await notifications.ask("POST", RUNS)).status_code == 201
    assert await notifications.tell_of_review("held", version=2) == 204
    assert await notifications.tell_of_review("reopened", version=3, state="planned") == 204
    assert await states(notifications) == {"P1": "printed"}


async def test_a_letter_about_a_reopened_review_that_is_past_is_never_printed(notifications: Notifications) -> None:
    notifications.others.review(child("P1", email=None))
    assert await notifications.tell_of_review("planned") == 204
    notifications.others.review(child("P1", email=None), planned_on=in_days(-1))
    assert await notifications.tell_of_review("reopened", version=2, state="planned") == 204
    assert await states(notifications) == {"P1": "outdated"}


async def test_a_restricted_childs_letter_is_printed_by_a_manager_alone(notifications: Notifications) -> None:
    notifications.others.review(child("P1", email=None))
    assert await notifications.tell_of_review("planned") == 204
    statements = notifications.client.process.database.statements
    await statements.rows(
        "INSERT INTO chassis.child_visibility (person_id, source, restricted, version) VALUES ('P1', 'children', true, 1)"
    )
    assert (await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)).status_code == 409
    path = (await notifications.ask("POST", RUNS)).json()["path"]
    assert (await notifications.ask("GET", path, role=Role.BUSINESS_SUPPORT)).status_code == 404
    assert (await notifications.ask("GET", path)).status_code == 200
    assert (await notifications.ask("GET", path, role=Role.CHAIR)).status_code == 403
    seen = await statements.rows(
        "SELECT action, person_ids FROM chassis.audit_entry WHERE action ~ 'print_letters|printed_letters' ORDER BY id"
    )
    assert [tuple(row.values()) for row in seen] == [("print_letters", ["P1"]), ("get_printed_letters", ["P1"])]


async def photographed(notifications: Notifications, content: bytes, media_type: str = "image/png") -> int:
    headers = notifications.client.as_(Role.ADMINISTRATOR) | {"Content-Type": media_type}
    path = "/v1/colleagues/chair-1/photograph"
    return int((await notifications.client.put(path, content=content, headers=headers)).status_code)


async def test_the_photograph_of_who_signs_stands_on_the_letter(notifications: Notifications) -> None:
    path = "/v1/colleagues/chair-1/photograph"
    assert (await notifications.ask("GET", path)).status_code == 404
    assert await photographed(notifications, PNG) == 204
    found = await notifications.ask("GET", path, role=Role.CHAIR)
    assert (found.content, found.headers["content-type"]) == (PNG, "image/png")
    await waiting(notifications)
    run = (await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)).json()
    printed = await notifications.ask("GET", run["path"], role=Role.BUSINESS_SUPPORT)
    assert b"/Subtype/Image" in printed.content and b"pdfuaid" in printed.content


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (PNG, "image/gif", 415),
        (PNG, "image/jpeg", 422),
        (b"GIF89a", "image/png", 422),
        (PNG[:30], "image/png", 422),
        (PNG + bytes(200_000), "image/png", 413),
    ],
)
async def test_what_is_no_small_picture_is_refused(
    notifications: Notifications, content: bytes, media_type: str, status: int
) -> None:
    assert await photographed(notifications, content, media_type) == status


async def test_a_parent_who_is_invited_gets_a_letter_and_hears_of_changes(notifications: Notifications) -> None:
    invitation = str(UUID(int=7))
    parent = {
        "invitation_id": invitation,
        "name": "Ada Planted",
        "address": "5 Quay Row\nRavensby",
        "person_ids": ["P1"],
    }
    notifications.others.review(child())
    notifications.others.parents.append(parent)
    assert await notifications.tell_of_review("moved", version=2) == 204
    assert await states(notifications) == {}
    invited: dict[str, Any] = {"invitation_id": invitation, "reference": "REV-1"}
    for _ in range(2):
        assert await notifications.publish("review.parent_invited", **invited) == 204
    assert await states(notifications) == {invitation: "to_print"}
    run = (await notifications.ask("POST", RUNS, role=Role.BUSINESS_SUPPORT)).json()
    said = pages((await notifications.ask("GET", run["path"], role=Role.BUSINESS_SUPPORT)).content)
    assert "Ada Planted\n5 Quay Row\nRavensby" in said[0] and "Dear Ada Planted," in said[0]
    assert "You are invited to the review of your child" in said[0]
    notifications.others.review(child(), state="cancelled")
    assert await notifications.tell_of_review("cancelled", version=3) == 204
    letters = [row["text"] for row in await notifications.messages() if row["address"] == ""]
    assert len(letters) == 2 and "THE REVIEW OF YOUR CHILD WAS CANCELLED" in letters[1]
