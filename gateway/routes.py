"""Which service answers which path: what is not listed here cannot be reached from outside.

Health, metrics and the services' own webhooks are never listed.
"""

import re
from dataclasses import dataclass

CHILDREN = "children"
REVIEWS = "reviews"
CONFERENCES = "conferences"
ESCALATIONS = "escalations"
REPORTS = "reports"
NOTIFICATIONS = "notifications"
# The gateway answers by itself, from its own pages.
OWN = "gateway"
OWN_PAGES = ("audit-entries", "deadlines", "diary", "feedback", "home", "invitations", "search", "me", "vocabulary")

# The first segment below /v1 names the owner of what is there.
OWNERS = {
    "reviews": REVIEWS,
    "decisions": REVIEWS,
    "care": REVIEWS,
    "contacts": REVIEWS,
    "midpoint-checks": REVIEWS,
    "prompts": REVIEWS,
    "leaving-care-decisions": REVIEWS,
    "diary-feeds": REVIEWS,
    "returns": REVIEWS,
    "children": CHILDREN,
    "child-conflicts": CHILDREN,
    "protection": CONFERENCES,
    "person-merges": CHILDREN,
    "conferences": CONFERENCES,
    "protection-plans": CONFERENCES,
    "core-groups": CONFERENCES,
    "plan-checks": CONFERENCES,
    "twelve-month-discussions": CONFERENCES,
    "escalations": ESCALATIONS,
    "challenges": ESCALATIONS,
    "good-practice": ESCALATIONS,
    "answers": ESCALATIONS,
    "figures": ESCALATIONS,
    "quality": REPORTS,
    "reports": REPORTS,
    "indicators": REPORTS,
    "colleagues": NOTIFICATIONS,
    "chairs": NOTIFICATIONS,
    "agencies": NOTIFICATIONS,
    "areas": NOTIFICATIONS,
    "coverage": NOTIFICATIONS,
    "messages": NOTIFICATIONS,
    "webhook-endpoints": NOTIFICATIONS,
}
# What another than the owner answers below one thing, such as a conference's escalations.
NESTED: dict[tuple[str, str], str] = {
    ("children", "timeline"): OWN,
    ("children", "voided"): OWN,
    ("children", "chairs"): OWN,
    ("children", "plan-checks"): CONFERENCES,
    ("children", "protection"): CONFERENCES,
    ("children", "twelve-month-discussions"): CONFERENCES,
    ("children", "care"): REVIEWS,
    ("children", "contacts"): REVIEWS,
    ("children", "midpoint-checks"): REVIEWS,
    ("children", "prompts"): REVIEWS,
    ("children", "leaving-care-decisions"): REVIEWS,
    ("conferences", "escalations"): ESCALATIONS,
    ("invitations", "contribution-links"): CONFERENCES,
    ("reviews", "escalations"): ESCALATIONS,
}
# What is addressed by its identifier alone, which does not say whose it is: the second is asked what the first answers
# with 404. The list itself is the gateway's own.
EITHER = {"feedback": (REVIEWS, CONFERENCES), "invitations": (REVIEWS, CONFERENCES)}
# Pages that people open from an email: the link is the capability, nobody signs in.
PAGES = {
    "answer": ESCALATIONS,
    "conference-papers": CONFERENCES,
    "contribution": CONFERENCES,
    "diary": REVIEWS,
    "review-papers": REVIEWS,
}
# What other systems call with a proof of their own, which the service checks by itself.
CALLBACKS = {"callbacks": NOTIFICATIONS}

# Stands in the table for the identifier of one thing.
ANY = "*"

# Nothing below is ever needed in an address of ours, and what two programs read differently can open a door.
UNSOUND_PATH = re.compile(r"//|/\.{1,2}(?:/|$)|[\\\x00-\x1f\x7f]")
UNSOUND_ENCODING = re.compile(rb"%(?:2f|5c|25|00)", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """Where a path leads: its service, whether one must be signed in, and whether it takes whole histories.

    `template` names the route in metrics and logs, which never hold a whole path. Where the service knows nothing of
    what is addressed, `otherwise` is asked.
    """

    service: str
    template: str
    signed_in: bool = True
    imports: bool = False
    own_proof: bool = False
    otherwise: str | None = None


def _table() -> dict[tuple[str, ...], Route]:
    table: dict[tuple[str, ...], Route] = {}
    for segment, service in OWNERS.items():
        table["v1", segment] = Route(service, f"/v1/{segment}/…")
        table["v1", segment, "import"] = Route(service, f"/v1/{segment}/import", imports=True)
    for (segment, part), service in NESTED.items():
        table["v1", segment, ANY, part] = Route(service, f"/v1/{segment}/…/{part}")
    for segment, (first, second) in EITHER.items():
        table["v1", segment, ANY] = Route(first, f"/v1/{segment}/…", otherwise=second)
    for segment, service in PAGES.items():
        table[segment,] = Route(service, f"/{segment}/…", signed_in=False)
    for segment, service in CALLBACKS.items():
        table[segment,] = Route(service, f"/{segment}/…", signed_in=False, own_proof=True)
    for part, service in (("reviews", REVIEWS), ("conferences", CONFERENCES)):
        table["v1", "figures", part] = Route(service, f"/v1/figures/{part}/…")
        table["v1", "deadlines", "timescales", part] = Route(service, f"/v1/deadlines/timescales/{part}/…")
    enquiries = ("v1", "conferences", "section-47-enquiries", "import")
    table[enquiries] = Route(CONFERENCES, "/".join(("", *enquiries)), imports=True)
    table["v1", "returns", "cin-census"] = Route(CONFERENCES, "/v1/returns/cin-census/…")
    table["v1", "returns", "cin-census", "import"] = Route(CONFERENCES, "/v1/returns/cin-census/import", imports=True)
    table["v1", "returns", "ssda903", "import"] = Route(REVIEWS, "/v1/returns/ssda903/import", imports=True)
    for part in ("missing-reports", "contribution-links", "import-template"):
        table["v1", "invitations", part] = Route(CONFERENCES, f"/v1/invitations/{part}/…")
    table["v1", "chairs", "caseloads"] = Route(REVIEWS, "/v1/chairs/caseloads")
    for segment in OWN_PAGES:
        table["v1", segment] = Route(OWN, f"/v1/{segment}")
    return table


TABLE = _table()
# The gateway's own pages, or nothing at all: the framework below knows.
ELSEWHERE = Route(OWN, "unknown", signed_in=False)
LONGEST = max(len(prefix) for prefix in TABLE)


def find(path: str) -> Route:
    """The route of a decoded path."""
    segments = tuple(path.split("/", LONGEST + 1)[1 : LONGEST + 1])
    for length in range(len(segments), 0, -1):
        prefix = segments[:length]
        route = TABLE.get(prefix) or TABLE.get((*prefix[:2], ANY, *prefix[3:]))
        if route is not None:
            return route
    return ELSEWHERE


def is_sound(path: str, raw_path: bytes) -> bool:
    """Whether a path can be read in one way only: no dots that lead upwards, no hidden or doubled slashes."""
    return UNSOUND_PATH.search(path) is None and UNSOUND_ENCODING.search(raw_path) is None
