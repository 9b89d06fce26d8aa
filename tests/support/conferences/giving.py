"""A conference that was held, with a record that can be given to those who were invited."""

from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.conferences.desk import GP, SOCIAL_WORKER, Desk
from tests.support.conferences.recording import RECORD, step

DOCTOR = "gp@example.org"
NAME = "Merrin Planted"


@dataclass
class Held:
    """A conference that was held, whose record is written, and the doctor's and the social worker's invitations."""

    desk: Desk
    conference: dict[str, Any]
    doctor: str
    worker: str

    @property
    def path(self) -> str:
        """Where its papers are."""
        return f"/v1/conferences/{self.conference['reference']}/papers"

    async def complete(self) -> None:
        """Have the record be complete."""
        self.conference = await step(self.desk, self.conference, "record/complete")

    async def give(self, *recipients: str, paper: str = "record", **who: Any) -> httpx.Response:
        """Give a paper to the holders of these invitations."""
        return await self.desk.ask("POST", self.path, {"paper": paper, "recipients": list(recipients)}, **who)

    async def given(self, **who: Any) -> dict[str, Any]:
        """The record, given to the doctor."""
        answer = await self.give(self.doctor, **who)
        assert answer.status_code == 201, answer.text
        return dict(answer.json()[0])


async def hold_with_record(desk: Desk) -> Held:
    """A conference about two children that a doctor and a social worker came to."""
    await desk.registered("P1", "P2")
    await desk.enquired("P1", "P2")
    conference = await desk.planned("P1", "P2")
    people = (GP | {"email": DOCTOR}, SOCIAL_WORKER)
    invited = await desk.invited(conference, *people)
    answer = await desk.hold(
        conference,
        children=[desk.outcome("P1"), desk.outcome("P2")],
        attendance={row["id"]: "attended" for row in invited},
    )
    doctor, worker = (row["id"] for row in invited)
    return Held(desk, await step(desk, answer.json(), "record", RECORD), doctor, worker)
