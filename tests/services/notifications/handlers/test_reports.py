"""Whoever a report is for is told when it was published, once; its author is told when it is begun."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.notifications.other_services import Notifications, running_notifications
from tests.support.running import Running

ANNUAL = {"reference": "REP-2020-0001", "kind": "annual", "period": "2019-20"}


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def hear(notifications: Notifications, event: str, **data: Any) -> None:
    assert await notifications.publish(event, source="reports", **data) == 204


async def test_both_boards_are_told_of_the_annual_report_once(notifications: Notifications) -> None:
    for _ in range(2):
        await hear(notifications, "report.published", **ANNUAL, chair_id=None)
    assert sorted(await notifications.recipients()) == ["board-1", "partner-1"]
    (message, _) = await notifications.messages()
    assert message["subject"].endswith("Annual report of the Independent Chairs, 2019-20")
    assert "/reports/REP-2020-0001" in message["text"]


async def test_a_chairs_page_is_for_that_chair_alone(notifications: Notifications) -> None:
    page = {"reference": "REP-2020-0002", "kind": "chair", "period": "2019-Q1", "chair_id": "chair-1"}
    await hear(notifications, "report.published", **page)
    assert await notifications.recipients() == ["chair-1"]


async def test_a_page_of_a_chair_who_is_gone_is_sent_to_nobody(notifications: Notifications) -> None:
    page = {"reference": "REP-2020-0002", "kind": "chair", "period": "2019-Q1", "chair_id": "nobody"}
    await hear(notifications, "report.published", **page)
    assert await notifications.recipients() == []


@pytest.mark.parametrize(
    ("state", "told", "subject"),
    [
        ("with_reviewer", "chair-1", "To be reviewed: Annual report of the Independent Chairs, 2019-20"),
        ("draft", "board-1", "Sent back to you: Annual report of the Independent Chairs, 2019-20"),
        ("approved", "board-1", "Approved: Annual report of the Independent Chairs, 2019-20"),
    ],
)
async def test_reviewer_and_author_are_told_once_for_each_time(
    notifications: Notifications, state: str, told: str, subject: str
) -> None:
    moved = ANNUAL | {"state": state, "author_id": "board-1", "reviewer_id": "chair-1"}
    for version in (2, 2, 4):
        await hear(notifications, "report.moved", **moved, version=version)
    assert await notifications.recipients() == [told, told]
    (message, _) = await notifications.messages()
    assert message["subject"].endswith(subject)
    assert "/reports/REP-2020-0001" in message["text"]


async def test_the_author_is_told_when_a_report_is_begun(notifications: Notifications) -> None:
    await hear(notifications, "report.drafted", **ANNUAL, author_id="chair-1")
    assert await notifications.recipients() == ["chair-1"]
