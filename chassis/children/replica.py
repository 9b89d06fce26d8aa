"""The replica of children: the owner says that one changed, and is asked back who they are now."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from chassis.access.visibility import check_may_see
from chassis.base.problems import NotFound, Unavailable
from chassis.children.events import ChildChangedReceived
from chassis.children.models import IDENTITY, Child, ChildIdentityBase
from chassis.children.settings import ChildrenSettings
from chassis.command import Command
from chassis.events.inbox import Receipt, Subscription
from chassis.process import Process
from chassis.web.service_clients import ServiceClient, ServiceOutOfReach

# The most children that the owner is asked about in one question.
AT_ONCE = 500
# What follows in a service from a child that changed.
Then = Callable[[Receipt, str], Awaitable[None]]


class ChildNotSent(NotFound):
    """The child is not known yet: send the child first."""


class Children(ServiceClient):
    """The children service."""

    def __init__(self, process: Process) -> None:
        assert isinstance(process.settings, ChildrenSettings)
        super().__init__(process, process.settings.children_url)

    async def identities(self, person_ids: Sequence[str]) -> list[ChildIdentityBase]:
        """Who these children are; numbers that are not known there are left out."""
        found: list[ChildIdentityBase] = []
        for first in range(0, len(person_ids), AT_ONCE):
            asked = {"person_id": list(person_ids[first : first + AT_ONCE])}
            found += await self._ask("GET", "/internal/children", list[ChildIdentityBase], params=asked)
        return found


async def keep_children(session: AsyncSession, identities: Iterable[ChildIdentityBase]) -> set[str]:
    """Keep who children are, as far as that is newer than what is known; the numbers of those who changed here."""
    rows = [identity.model_dump() for identity in sorted(identities, key=lambda child: child.person_id)]
    if not rows:
        return set()
    kept = insert(Child)
    newer = kept.on_conflict_do_update(
        index_elements=["person_id"],
        set_={name: kept.excluded[name] for name in IDENTITY if name != "person_id"},
        where=col(Child.version) < kept.excluded.version,
    )
    changed = newer.values(rows).returning(col(Child.person_id))
    return set((await session.exec(changed)).scalars())


def following(then: Then | None = None) -> tuple[Subscription, ...]:
    """Follow who children are; `then` does what follows from a child who is another one now."""

    async def ask(process: Process, events: Sequence[ChildChangedReceived]) -> dict[str, ChildIdentityBase]:
        identities = await Children(process).identities(sorted({event.person_id for event in events}))
        return {identity.person_id: identity for identity in identities}

    async def keep(event: ChildChangedReceived, receipt: Receipt) -> None:
        known = await receipt.session.get(Child, event.person_id)
        identity = receipt.answered.get(event.person_id)
        for person_id in await keep_children(receipt.session, [identity] if identity else []):
            if known is not None:
                await receipt.session.refresh(known)
            if then is not None:
                await then(receipt, person_id)

    return (Subscription(ChildChangedReceived, keep, ask),)


async def known_children(command: Command, person_ids: Sequence[str]) -> dict[str, Child]:
    """The children among these that anybody knows, locked, by number; those who are not known here are asked for."""
    found = await _locked(command, person_ids)
    if unknown := [person_id for person_id in person_ids if person_id not in found or found[person_id].version == 0]:
        try:
            identities = await Children(command.process).identities(unknown)
        except ServiceOutOfReach:
            raise Unavailable(headers={"Retry-After": "5"}) from None
        await keep_children(command.session, identities)
        found |= await _locked(command, unknown)
    return found


async def known_child(command: Command, person_id: str) -> Child:
    """A child, locked; who is not known here yet is asked for at once. `ChildNotSent` where nobody knows the child.

    `NotFound` where the caller may not see the child.
    """
    child = (await known_children(command, [person_id])).get(person_id)
    if child is None:
        raise ChildNotSent(f"Send the child first: PUT /v1/children/{person_id}.")
    await check_may_see(command, [person_id])
    return child


async def _locked(command: Command, person_ids: Sequence[str]) -> dict[str, Child]:
    query = select(Child).where(col(Child.person_id).in_(person_ids)).order_by(col(Child.person_id))
    rows = await command.session.exec(query.with_for_update().execution_options(populate_existing=True))
    return {child.person_id: child for child in rows.all()}
