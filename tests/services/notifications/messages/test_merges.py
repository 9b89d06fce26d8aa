"""A message is about a child whose number was merged into another as long as it is."""

from typing import Any
from uuid import uuid4

from chassis.base import clock
from services.notifications.messages.models import Message
from services.notifications.rules import MessageState
from tests.support.children.replica import children_say
from tests.support.running import Running
from tests.support.serving import Serving


async def test_messages_follow_a_merge_and_return_when_it_is_undone(running: Running) -> None:
    service = Serving(await running("notifications", log_level="error"))
    usual: dict[str, Any] = {
        "template": "consultation",
        "recipient_id": "chair-1",
        "address": "chair@example.org",
        "html": "",
        "text": "",
    }
    async with service.client.process.database.transaction() as session:
        for number, people in enumerate((["P1"], ["P3", "P1"], ["P2"], None)):
            message = Message(
                subject=f"{number}",
                state=MessageState.SENT,
                queued_at=clock.now(),
                sent_at=clock.now(),
                person_ids=people,
                **usual,
            )
            session.add(message)
    said = {"merge_id": str(uuid4()), "from_person_id": "P1", "into_person_id": "P2"}

    async def about(kind: str, **who: str) -> list[list[str] | None]:
        assert await children_say(service, "notifications", f"child.{kind}", **said, **who) == 204
        return [row["person_ids"] for row in await service.rows("SELECT person_ids FROM message ORDER BY subject")]

    assert await about("merged", merged_by="manager-1") == [["P2"], ["P3", "P2"], ["P2"], None]
    assert await about("merge_undone", undone_by="manager-1") == [["P1"], ["P3", "P1"], ["P2"], None]
