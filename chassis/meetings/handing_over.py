"""A chair hands over everything: what the directory's owner tells every service, and what each answers."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field

from chassis.events.event import Event
from chassis.events.inbox import ReceivedEvent


class ChairConflict(StrEnum):
    """Why somebody cannot chair for a child."""

    INDEPENDENT = "independent"
    MOTHER_AND_CHILD_APART = "mother_and_child_apart"
    NOT_THE_CHILDS_OWN_CHAIR = "not_the_childs_own_chair"


class HandOverRefusal(BaseModel):
    """A child, or a meeting about the child, that stays with the chair before, and the rule by which it does."""

    person_id: str
    reference: str | None = Field(description="The meeting that stays; null where it is the child.")
    rule: ChairConflict


class ChairHandedOver(ReceivedEvent):
    """A manager handed over everything of a chair to another one."""

    source = "notifications"
    type = "chair.handed_over"

    hand_over_id: UUID
    chair_id: str
    to: str
    starts_on: date
    handed_over_by: str


class HandOverFollowed(Event):
    """What a service handed over, and what stays where it is."""

    about = "hand_over_id"

    hand_over_id: UUID
    person_ids: list[str]
    references: list[str]
    refused: list[HandOverRefusal]
