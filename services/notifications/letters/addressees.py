"""To whom a letter goes: name and address are looked up when it is printed, and kept nowhere here."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.base.problems import Unavailable
from chassis.children.models import ChildIdentityBase
from chassis.children.replica import Children
from chassis.process import Process
from chassis.web.service_clients import ServiceOutOfReach


@dataclass(frozen=True)
class To:
    """Somebody who gets a letter."""

    greeting: str
    name: str
    address: list[str]


async def addressees(process: Process, recipient_ids: Iterable[str]) -> dict[str, To]:
    """Those of the recipients whose name and address are known, by identifier."""
    try:
        children = await Children(process).identities(sorted(set(recipient_ids)))
    except ServiceOutOfReach:
        raise Unavailable(headers={"Retry-After": "5"}) from None
    found = {child.person_id: _to(child) for child in children}
    return {key: to for key, to in found.items() if to.name and to.address}


def _to(child: ChildIdentityBase) -> To:
    name = " ".join(filter(None, (child.given_name, child.family_name)))
    lines = (child.address or "").replace(",", "\n").splitlines()
    return To(child.given_name or name, name, [line.strip() for line in lines if line.strip()])
