"""What somebody sees who has just started the system: where everything is."""

import re
from itertools import islice

from deploy.local.mailbox.store import Store
from deploy.local.topology import PEOPLE, Topology
from deploy.services import SERVICES

# A link to answer is among the newest messages, or nowhere.
LOOKED_AT = 500


def page(topology: Topology) -> str:
    """One page of addresses."""
    ports = topology.ports
    gateway = ports.public_url
    parts = [
        "",
        "Independent Chairs runs on this machine.",
        "",
        f"  The API          {gateway}/docs",
        f"  Every email      {ports.mailbox_url}",
        *([f"  An answer page   {link}"] if (link := _answer_link(topology)) else []),
        "",
        "  Sign in as",
        *(f"    {role.replace('_', ' '):<21}{gateway}/development/sign-in/{role}" for role in PEOPLE),
        "",
        "  Metrics",
        *(f"    {name:<21}{ports.address(name)}/metrics" for name in ("gateway", *SERVICES)),
        "",
        f"  Logs             {topology.folder / 'logs'} (the scheduler's are among those of notifications)",
        "",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(parts)


def _answer_link(topology: Topology) -> str | None:
    """The link of the newest message that asks for an answer."""
    link = re.compile(re.escape(topology.ports.public_url) + r"/answer/[^\s\"'<>]+")
    store = Store(topology.mails)
    for identifier in islice(store.identifiers(), LOOKED_AT):
        message = store.find(identifier)
        found = link.search((message and message.body("plain")) or "")
        if found:
            return found[0]
    return None
