"""What is owed for a child: a table of open deadlines that is brought to what is owed now with every change.

A service says what a child's standing owes (worked out anew each time) and what a meeting brought about. A due date
that was set is never moved: something stays the same thing as long as its kind, its subject and the day from which it
is counted do.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Field as Column
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.base.fields import new_id
from chassis.db.columns import Shared

Key = tuple[str, str, date]


class DeadlineColumns(Shared):
    """What the table of a service and its answers say of an open deadline of a child, besides the child."""

    id: UUID = Column(default_factory=new_id, primary_key=True)
    kind: str
    subject: str = Column(description="Which one of its kind: the kind of meeting, or the prompt.")
    due_on: date
    event_on: date = Column(description="The day from which it is counted.")
    rule: str = Column(description="The rule that sets it, with its source.")
    owner_role: str
    owner_id: str | None = None
    chair_id: str | None = None
    area_id: str
    team: str | None = None


_OWNER = frozenset({"chair_id", "owner_id"})


@dataclass(frozen=True)
class OpenDeadline:
    """Something that is owed: what decides whether it is the same thing as before comes first.

    `reference` is the meeting that is planned for it, or from which it follows.
    """

    kind: str
    subject: str
    event_on: date
    due_on: date
    rule: str
    owner_role: str
    reference: str | None = None

    def key(self) -> Key:
        """What makes it the same thing: its kind, its subject and the event from which it is counted."""
        return self.kind, self.subject, self.event_on


@dataclass(frozen=True)
class Followed:
    """What a meeting brought about besides where the children stand: what is done, and what it owes from now on.

    `chair_id` is who chaired it: a child may have no chair any more by what was decided.
    """

    reference: str
    done: frozenset[str]
    owed: Sequence[OpenDeadline] = ()
    chair_id: str | None = None


@dataclass(frozen=True)
class DeadlineBook:
    """The open deadlines of a service.

    `standing` are the kinds that follow from where a child stands; all others belong to one meeting, whose reference is
    in the column `reference`. `repeated` says what a deadline repeats of its child, for lists, given the owner's role;
    `added` what else its row says. Of the kinds `of_chair` the owner is the meeting's chair, whoever is the child's.
    """

    table: Any
    standing: frozenset[str]
    reference: str
    repeated: Callable[[Any, str], Mapping[str, Any]]
    added: Callable[[OpenDeadline], Mapping[str, Any]] = lambda _: {}
    of_chair: frozenset[str] = frozenset()

    def record(self, child: Any, owing: OpenDeadline, meeting_chair_id: str | None = None) -> dict[str, Any]:
        """The columns of something that is owed for a child; where the meeting's chair owes it, that is whose it is."""
        owner = dict.fromkeys(_OWNER, meeting_chair_id) if meeting_chair_id and owing.kind in self.of_chair else {}
        return {
            "id": new_id(),
            "person_id": child.person_id,
            "kind": str(owing.kind),
            "subject": str(owing.subject),
            "due_on": owing.due_on,
            "event_on": owing.event_on,
            "rule": owing.rule,
            "owner_role": str(owing.owner_role),
            self.reference: owing.reference,
            **self.repeated(child, owing.owner_role),
            **self.added(owing),
            **owner,
        }

    async def refresh(
        self,
        session: AsyncSession,
        children: Sequence[Any],
        owed: Callable[[Any, Collection[Key]], Sequence[OpenDeadline]],
        followed: Followed | None = None,
        *,
        anew: bool = False,
    ) -> None:
        """Bring the deadlines of these children to what is owed now; a due date that was set stays.

        It is counted `anew` after the rules have changed: a deadline from the same event is then due by the new ones.

        `owed` answers what a child's standing owes, given what is on the list already; `followed` is what a meeting of
        theirs settles and owes.
        """
        known = defaultdict(list)
        query = select(self.table).where(self.table.person_id.in_([child.person_id for child in children]))
        for row in (await session.exec(query)).all():
            known[row.person_id].append(row)
        for child in children:
            rows = known[child.person_id]
            wanted = [*owed(child, {(row.kind, row.subject, row.event_on) for row in rows})]
            wanted += followed.owed if followed else ()
            by_key = {deadline.key(): deadline for deadline in wanted}
            for row in rows:
                owing = by_key.pop((row.kind, row.subject, row.event_on), None) if row.kind in self.standing else None
                if owing is None and self._is_over(row, followed):
                    await session.delete(row)
                    continue
                for name, value in self._repeated(row, child, owing, anew=anew).items():
                    setattr(row, name, value)
            chair_id = followed.chair_id if followed else None
            session.add_all(self.table(**self.record(child, owing, chair_id)) for owing in by_key.values())

    def _is_over(self, row: Any, followed: Followed | None) -> bool:
        """Whether a deadline that a child's standing does not owe comes off the list."""
        if row.kind in self.standing:
            return True
        return followed is not None and getattr(row, self.reference) == followed.reference and row.kind in followed.done

    def _repeated(self, row: Any, child: Any, owing: OpenDeadline | None, *, anew: bool) -> Mapping[str, Any]:
        """What a deadline repeats of its child and its meeting, for lists; counted anew, also when it is due."""
        values = dict(self.repeated(child, row.owner_role))
        if row.kind in self.of_chair:
            values = {name: value for name, value in values.items() if name not in _OWNER}
        if owing is not None:
            values[self.reference] = owing.reference
            if anew:
                values |= {"due_on": owing.due_on, "rule": owing.rule}
        return values

    async def replace(
        self,
        session: AsyncSession,
        children: Mapping[str, Any],
        owed: Sequence[OpenDeadline],
        meeting_chair_id: str | None = None,
    ) -> None:
        """Count anew what a meeting still owes, of children by person number: its event was on another day."""
        by_kind = {str(deadline.kind): deadline for deadline in owed}
        references = {deadline.reference for deadline in owed}
        rows = select(self.table).where(
            getattr(self.table, self.reference).in_(references), self.table.kind.in_(by_kind)
        )
        for row in (await session.exec(rows)).all():
            await session.delete(row)
            session.add(self.table(**self.record(children[row.person_id], by_kind[row.kind], meeting_chair_id)))

    async def settle(self, session: AsyncSession, reference: str, person_ids: Sequence[str], *kinds: str) -> None:
        """Take what a meeting owed off the list: it was done, or is no longer wanted."""
        done = delete(self.table).where(
            getattr(self.table, self.reference) == reference,
            self.table.person_id.in_(person_ids),
            self.table.kind.in_([str(kind) for kind in kinds]),
        )
        await session.exec(done)
