"""To whom a letter goes: name and address are looked up when it is printed, and kept nowhere here."""

from collections.abc import Collection
from dataclasses import dataclass

from chassis.base.problems import Unavailable
from chassis.children.models import ChildIdentityBase
from chassis.children.replica import Children
from chassis.papers.paper import lines
from chassis.process import Process
from chassis.web.service_clients import ServiceOutOfReach
from services.notifications.clients.reviews import Reviews


@dataclass(frozen=True)
class To:
    """Somebody who gets a letter."""

    greeting: str
    name: str
    address: list[str]


async def addressees(process: Process, letters: Collection[tuple[str, str | None]]) -> dict[str, To]:
    """Those recipients whose name and address are known, by identifier; a parent comes with the review."""
    children = sorted({recipient for recipient, parent_in in letters if parent_in is None})
    reviews = sorted({parent_in for _, parent_in in letters if parent_in is not None})
    try:
        found = {child.person_id: _child(child) for child in await Children(process).identities(children)}
        for reference in reviews:
            for parent in await Reviews(process).parents(reference):
                found[str(parent.invitation_id)] = To(parent.name, parent.name, _lines(parent.address))
    except ServiceOutOfReach:
        raise Unavailable(headers={"Retry-After": "5"}) from None
    return {key: to for key, to in found.items() if to.name and to.address}


def _child(child: ChildIdentityBase) -> To:
    name = " ".join(filter(None, (child.given_name, child.family_name)))
    return To(child.given_name or name, name, _lines(child.address))


def _lines(address: str | None) -> list[str]:
    return lines((address or "").replace(",", "\n"))
