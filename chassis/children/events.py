"""What is told of children between services: numbers and whether a record is restricted, never a name."""

from uuid import UUID

from chassis.events.event import Event
from chassis.events.inbox import ReceivedEvent


class ChildChanged(Event):
    """Who a child is, or who works with them, changed; or the child is new."""

    type = "child.changed"
    about = "person_id"

    person_id: str
    version: int
    restricted: bool
    merged_into: str | None


class ChildMerged(Event):
    """A person number was merged into another number of the same child."""

    type = "child.merged"
    about = "from_person_id"

    merge_id: UUID
    from_person_id: str
    into_person_id: str
    merged_by: str


class ChildMergeUndone(Event):
    """A merge of two person numbers was undone."""

    type = "child.merge_undone"
    about = "from_person_id"

    merge_id: UUID
    from_person_id: str
    into_person_id: str
    undone_by: str


class ChildFound(Event):
    """A statutory return that was imported names a child whom this service did not know."""

    type = "child.found"
    about = "person_id"

    person_id: str


class OfChildren(ReceivedEvent):
    """Something that the children service says."""

    source = "children"


class ChildChangedReceived(OfChildren):
    """What is read of a change."""

    type = "child.changed"

    person_id: str
    version: int


class ChildMergedReceived(OfChildren):
    """What is read of a merge."""

    type = "child.merged"

    merge_id: UUID
    from_person_id: str
    into_person_id: str
    merged_by: str


class ChildMergeUndoneReceived(OfChildren):
    """What is read of a merge that was undone."""

    type = "child.merge_undone"

    merge_id: UUID
    from_person_id: str
    into_person_id: str
    undone_by: str
