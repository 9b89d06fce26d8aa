"""What the record of a review says, for one of its children or for all."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.base.council import Council, council_of
from chassis.base.fields import in_words
from chassis.base.problems import NotFound
from chassis.law.labels import label
from chassis.papers.directory import Names
from chassis.papers.meetings import ATTENDANCE, born, by_person, read_meeting, status_of_record, when_and_where
from chassis.papers.paper import Paper, Part, Section, Table, day, lines, otherwise, section
from chassis.process import Process
from chassis.web.reading import RecordReader
from services.reviews.records.queries import REVIEW_PAPERS

JSON = Mapping[str, Any]
TEMPLATE = "review-record-1"


async def paper(process: Process, reader: RecordReader, reference: str, person_id: str | None = None) -> Paper:
    """The record of a review, of one child alone if wanted, for somebody who may see all of its children."""
    review, names = await read_meeting(process, reader, REVIEW_PAPERS, reference)
    children = [child for child in review["children"] if person_id in {None, child["person_id"]}]
    if not children:
        raise NotFound
    return record({**review, "children": children}, names, council_of(process.settings))


def record(review: JSON, names: Names, council: Council) -> Paper:
    """The record of a review. What is missing is said; of a complete record it is kept elsewhere."""
    children = review["children"]
    days = {child["record_on"] for child in children}
    concerned = {child["person_id"] for child in children}
    invited = [row for row in review["invitations"] if not row["person_ids"] or concerned & set(row["person_ids"])]
    return Paper(
        council,
        review["reference"],
        "Record of the review of a looked-after child" if len(children) == 1 else "Record of the review of children",
        status_of_record(None if None in days else max(days)),
        [
            ("Reference", review["reference"]),
            *(("Child", born(child, review["births"])) for child in children),
            *when_and_where(review, names),
        ],
        [
            *(part for child in children for part in _of_child(child, review["decisions"])),
            *section("Who came", [_people(invited, names)]),
            *section("Who the record was sent to", [Part(points=sorted({*_recipients(children)}))]),
        ],
        TEMPLATE,
    )


def _recipients(children: Iterable[JSON]) -> Iterable[str]:
    return (recipient for child in children for recipient in child["distributed_to"])


def _of_child(child: JSON, decisions: Iterable[JSON]) -> list[Section]:
    name = child["person_name"] or child["person_id"]
    empty = otherwise(complete=child["record_on"] is not None, written=child["record_text"])
    rows = [
        (decision["decision"], decision["owner"], day(decision["due_on"]))
        for decision in decisions
        if decision["person_id"] == child["person_id"]
    ]
    none = ["No decisions were needed."] if child["decisions_on"] and not rows else []
    decided = [Part(table=Table(("What", "Who", "By when"), rows)), Part(paragraphs=[*none, *_following(child)])]
    views = [
        Part(f"What {name} said", paragraphs=_views(child)),
        Part("What parents and family said", points=by_person(child["family_views"])),
        Part("Sent before the review", points=_sent(child)),
    ]
    return [
        *section(f"Decisions for {name}", decided, otherwise=empty),
        *section(f"Views about the care of {name}", views),
        *section(f"The review of {name}", [Part(paragraphs=lines(child["record_text"]))], otherwise=empty),
        *section(f"For {name}", [Part(paragraphs=lines(child["child_text"]))]),
    ]


def _following(child: JSON) -> list[str]:
    return [f"The next review is due by {day(child['next_due_on'])}."] if child["next_due_on"] else []


def _views(child: JSON) -> list[str]:
    participation = [f"{label('Participation', child['participation'])}."] if child["participation"] else []
    alone = ["The chair saw them alone before the review."] if child["seen_alone"] else []
    return [*participation, *alone, *lines(child["views"])]


def _sent(child: JSON) -> list[str]:
    sent = (
        ("What the child wrote for the review", child["consultation_returned_on"]),
        ("The social worker's report", child["social_worker_report_on"]),
    )
    return [f"{what}: {day(sent_on)}" for what, sent_on in sent if sent_on]


def _people(invitations: Iterable[JSON], names: Names) -> Part:
    rows = [
        (invitation["name"], _role(invitation, names), ATTENDANCE.get(invitation["attendance"] or "", ""))
        for invitation in invitations
        if invitation["withdrawn_on"] is None
    ]
    return Part(table=Table(("Name", "Role", "Attendance"), rows))


def _role(invitation: JSON, names: Names) -> str:
    relationship = in_words(invitation["relationship"].replace("_", "-"))
    return ", ".join(filter(None, (relationship, names.agency(invitation["agency_id"]))))
