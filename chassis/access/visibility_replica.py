"""Restrictions between services: whoever owns children tells who is restricted and who chairs, and everybody keeps it.

The database itself tells it (`chassis.tell_visibility`). Who owns children later only has to say so in these words.
"""

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from chassis.access.visibility import ChildVisibility
from chassis.events.event import Event
from chassis.events.inbox import ReceivedEvent, Reception, Subscription


class VisibilityChanged(Event):
    """What is told of a child who is restricted, or was until now, and of who chairs for them."""

    about = "person_id"

    person_id: str
    restricted: bool
    chair_id: str | None
    version: int


class LookedAfterChildVisibilityChanged(VisibilityChanged):
    """A looked-after child is restricted, or was until now, or is and has another chair."""

    type = "looked_after_child.visibility_changed"


class ChildVisibilityChanged(VisibilityChanged):
    """A child of conferences is restricted, or was until now, or is and has another chair."""

    type = "child.visibility_changed"


class VisibilityHeard(ReceivedEvent):
    """What is read of such an event."""

    person_id: str
    restricted: bool
    chair_id: str | None
    version: int


def follows(event: type[VisibilityHeard]) -> Subscription:
    """Keep what another service says of a child: what is newer than what is known, in whichever order it comes."""

    async def keep(told: VisibilityHeard, reception: Reception) -> None:
        kept = insert(ChildVisibility).values(source=event.source, **told.model_dump())
        newer = kept.on_conflict_do_update(
            index_elements=["person_id", "source"],
            set_={name: kept.excluded[name] for name in ("restricted", "chair_id", "version")},
            where=col(ChildVisibility.version) < kept.excluded.version,
        )
        await reception.session.exec(newer)

    return Subscription(event, keep)


class LookedAfterChildRestricted(VisibilityHeard):
    """The reviews service says of a looked-after child whether they are restricted, and who chairs."""

    source = "reviews"
    type = "looked_after_child.visibility_changed"


class ChildRestricted(VisibilityHeard):
    """The conferences service says of a child whether they are restricted, and who chairs."""

    source = "conferences"
    type = "child.visibility_changed"


BY_REVIEWS, BY_CONFERENCES = follows(LookedAfterChildRestricted), follows(ChildRestricted)
