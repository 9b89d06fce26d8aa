"""What the record of a conference and its outline plan say: the risks stand first."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chassis.base.council import Council, council_of
from chassis.base.fields import in_words
from chassis.base.problems import NotFound
from chassis.law.labels import label
from chassis.papers.directory import Names
from chassis.papers.meetings import ATTENDANCE, born, by_person, read_meeting, status_of_record, when_and_where
from chassis.papers.paper import NOT_YET, Paper, Part, Section, Table, day, otherwise, section
from chassis.process import Process
from chassis.web.reading import RecordReader
from services.conferences.records.queries import CONFERENCE_PAPERS

JSON = Mapping[str, Any]
Content = Callable[[JSON, Names, Council], Paper]
RECORD_TEMPLATE, OUTLINE_TEMPLATE = "conference-record-2", "outline-plan-1"
OUTCOMES = {
    "plan_made": "A child protection plan is made",
    "not_made": "No child protection plan is made",
    "continues": "The child protection plan goes on",
    "ended": "The child protection plan ends",
}
# In the order of Signs of Safety: what we are worried about stands before all else.
WORRIES = (
    ("future_danger", "Danger: what may happen"),
    ("past_harm", "Harm: what has happened"),
    ("complicating_factors", "What makes it harder"),
)


async def paper(process: Process, reader: RecordReader, reference: str, content: Content) -> Paper:
    """A paper of a conference, for somebody who may see all of its children; `NotFound` for anybody else."""
    conference, names = await read_meeting(process, reader, CONFERENCE_PAPERS, reference)
    return content(conference, names, council_of(process.settings))


def record(conference: JSON, names: Names, council: Council) -> Paper:
    """The record of a conference. What is missing is said; of a complete record it is kept elsewhere."""
    completed, said = conference["record_on"], conference["record"]
    empty = otherwise(complete=completed is not None, written=said)
    worries = [Part(heading, points=said.get(name, [])) for name, heading in WORRIES]
    scores = Part("How safe the children are, from 0 to 10", points=_scores(conference))
    return Paper(
        council,
        conference["reference"],
        "Record of the child protection conference",
        status_of_record(completed),
        [*_facts(conference, names), *_quorum(conference)],
        [
            *section("What we are worried about", [*worries, scores], otherwise=empty, is_risk=True),
            *section("What is working well", [Part(points=said.get("working_well", []))], otherwise=empty),
            *section("What needs to happen", _steps(said), otherwise=empty),
            *_decided(conference),
            *section("What the children said", _views(conference)),
            *section("What parents and family said", [Part(points=by_person(said.get("family_views", [])))]),
            *section("Who came, and who sent a report", [_people(conference["invitations"], names)]),
            *section("Who the record was sent to", [Part(points=conference["distributed_to"])]),
        ],
        RECORD_TEMPLATE,
    )


def outline_plan(conference: JSON, names: Names, council: Council) -> Paper:
    """The outline plan of a conference that made a plan, or let one go on; `NotFound` where there is none."""
    if conference["outline_plan_due_on"] is None:
        raise NotFound
    sent, said = conference["outline_plan_on"], conference["record"]
    worries = [Part(heading, points=said.get(name, [])) for name, heading in WORRIES]
    return Paper(
        council,
        conference["reference"],
        "Outline child protection plan",
        f"Sent on {day(sent)}" if sent else "Draft: the outline plan is not sent yet",
        _facts(conference, names),
        [
            *section("What we are worried about", worries, is_risk=True),
            *_decided(conference),
            *section("What needs to happen", _steps(said), otherwise="" if sent else NOT_YET),
        ],
        OUTLINE_TEMPLATE,
    )


def _facts(conference: JSON, names: Names) -> list[tuple[str, str]]:
    facts = [
        ("Reference", conference["reference"]),
        *(("Child", born(child, conference["births"])) for child in conference["children"]),
        *when_and_where(conference, names),
    ]
    if conference["minute_taker"]:
        facts.append(("Minutes", conference["minute_taker"]))
    if conference["review_reference"]:
        facts.append(("One meeting with", f"the looked-after review {conference['review_reference']}"))
    return facts


def _quorum(conference: JSON) -> list[tuple[str, str]]:
    if conference["quorate"] is None:
        return []
    because = f"No. It went ahead because: {conference['inquorate_because']}"
    return [("Enough agencies", "Yes, the conference was quorate" if conference["quorate"] else because)]


def _scores(conference: JSON) -> list[str]:
    return [f"{score['by']}: {score['score']}" for score in conference["safety_scores"]]


def _steps(said: JSON) -> list[Part]:
    rows = [(step["step"], step["owner"], day(step.get("due_on"))) for step in said.get("next_steps", [])]
    return [
        Part("How safe it has to be", points=said.get("safety_goals", [])),
        Part("Next steps", table=Table(("What", "Who", "By when"), rows)),
    ]


def _decided(conference: JSON) -> list[Section]:
    if conference["held_on"] is None:
        return []
    members = [f"{member['name']}, {member['role']}" for member in conference["core_group"]]
    header = ("Child", "Conference", "Decision", "Next conference by")
    return section(
        "What was decided",
        [
            Part(table=Table(header, [_outcome(child) for child in conference["children"]])),
            Part("Who did not agree", points=by_person(conference["dissent"])),
            Part("Core group", points=members),
        ],
    )


def _outcome(child: JSON) -> tuple[str, str, str, str]:
    decided = OUTCOMES.get(child["outcome"] or "", "Not decided yet")
    if child["category"]:
        decided += f" ({label('Category', child['category']).lower()})"
    kind = label("ConferenceKind", child["kind"]).removesuffix(" conference")
    return child["person_name"] or child["person_id"], kind, decided, day(child["next_due_on"])


def _views(conference: JSON) -> list[Part]:
    return [
        Part(child["person_name"] or child["person_id"], paragraphs=list(filter(None, _said_by(child))))
        for child in conference["children"]
    ]


def _said_by(child: JSON) -> Iterable[str]:
    if child["participation"]:
        yield f"{label('Participation', child['participation'])}."
    if child["advocate"]:
        yield "An advocate was there for them."
    yield child["views"] or ""


def _people(invitations: Iterable[JSON], names: Names) -> Part:
    rows = [
        (
            invitation["name"],
            _capacity(invitation, names),
            ATTENDANCE.get(invitation["attendance"] or "", ""),
            _report(invitation),
        )
        for invitation in invitations
        if invitation["withdrawn_on"] is None
    ]
    return Part(table=Table(("Name", "Role", "Attendance", "Report sent"), rows))


def _capacity(invitation: JSON, names: Names) -> str:
    role = invitation["agency_role"] or (invitation["relationship"] or invitation["invited_as"]).replace("_", "-")
    return ", ".join(filter(None, (in_words(role), invitation["team"], names.agency(invitation["agency_id"]))))


def _report(invitation: JSON) -> str:
    if not invitation["report_expected"]:
        return ""
    received = invitation["report_received_on"]
    return day(received) if received else "Not sent"
