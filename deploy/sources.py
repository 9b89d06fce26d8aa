"""The law and guidance that the rules cite: the edition of each, and when the rules were last compared with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """A law or guidance: its edition, when the rules were last compared with it, and what they were compared with."""

    edition: str
    compared_on: date
    compared_with: str


_COMPARED_ON = date(2026, 11, 30)
_PROCEDURES = "published procedures that quote it"
_GUIDE = "the published guide and the sector's own checks"

# By the words with which rules cite them.
SOURCES: Mapping[str, Source] = {
    "Children Act 1989": Source("1989 c. 41, as amended", _COMPARED_ON, _PROCEDURES),
    "Care Planning, Placement and Case Review (England) Regulations 2010": Source(
        "SI 2010/959, as amended", _COMPARED_ON, _PROCEDURES
    ),
    "Adoption Agencies Regulations 2005": Source(
        "SI 2005/389, as amended",
        _COMPARED_ON,
        "regulation 36(1) and (3) in the text of 12 October 2009; the rest with published procedures",
    ),
    "Children (Secure Accommodation) Regulations 1991": Source("SI 1991/1505, as amended", _COMPARED_ON, _PROCEDURES),
    "Working Together to Safeguard Children 2026": Source(
        "2026; its time limits could not be compared word for word",
        _COMPARED_ON,
        "published procedures that quote it and earlier editions",
    ),
    "IRO Handbook 2010": Source("Statutory guidance of March 2010", _COMPARED_ON, _PROCEDURES),
    "SSDA903 return 2026 to 2027": Source("Guide to the collection, 2026 to 2027", _COMPARED_ON, _GUIDE),
    "children in need census 2026 to 2027": Source("Guide to the collection, 2026 to 2027", _COMPARED_ON, _GUIDE),
    "Characteristics of children in need": Source("National statistics, yearly", _COMPARED_ON, "the published tables"),
}
