"""What callers send and are sent."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.pagination import Page
from services.escalations.rules import ChallengeState, Choice, Kind, Move, Reason, State, Theme

REFERENCE = r"^ESC-\d{4}-\d{4,}$"


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("No NUL characters.")
    return text


def _once_each(many: list[str]) -> list[str]:
    if len(set(many)) != len(many):
        raise ValueError("Name each one once.")
    return many


PersonId = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9-]{1,20}$", description="A child's case-management person number; never a name."),
]
PersonIds = Annotated[list[PersonId], Field(min_length=1, max_length=20), AfterValidator(_once_each)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
ColleagueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]
MeetingReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9/-]{1,40}$")]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_without_nul)]
Words = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_without_nul)]
Reference = Annotated[str, Field(pattern=REFERENCE, description="Such as `ESC-2019-0042`.")]
References = Annotated[list[Reference], Field(min_length=1, max_length=1000), AfterValidator(_once_each)]


class Input(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Subject(Input):
    """What an escalation is about: a theme or a reason, as its kind demands."""

    kind: Kind
    theme: Theme | None = Field(default=None, description="For care planning.")
    reason: Reason | None = Field(default=None, description="For a contribution to a conference.")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        care_planning = self.kind is Kind.CARE_PLANNING
        if care_planning != (self.theme is not None) or care_planning != (self.reason is None):
            raise ValueError("A care-planning escalation has a theme, any other one a reason.")
        return self


class EscalationIn(Subject):
    """A formal escalation to raise."""

    person_ids: PersonIds
    meeting_reference: MeetingReference | None = None
    meeting_on: date | None = Field(default=None, description="When the meeting was held.")
    raised_on: date | None = Field(default=None, description="Today, if left out; never in the future.")
    owner_id: ColleagueId | None = Field(default=None, description="The chair who owns it; whoever asks, if left out.")
    agency_id: Slug = Field(description="The agency in the directory.")
    agency_role: Slug = Field(description="One of that agency's roles, such as `health-visitor`.")
    professional_name: Line | None = Field(default=None, description="The professional concerned; never a child.")
    professional_team: Line | None = None
    area_id: Slug = Field(description="The area in the directory.")
    note: Words | None = Field(default=None, description="What the chair adds; kept in the history.")


class MeetingEscalationsIn(Input):
    """All that a meeting gave cause to escalate: raised together, or not at all."""

    escalations: list[EscalationIn] = Field(min_length=1, max_length=200)


class EscalationChangeIn(Input):
    """What of an escalation is set right; what is left out stays."""

    theme: Theme | None = None
    reason: Reason | None = None
    agency_id: Slug | None = None
    agency_role: Slug | None = None
    professional_name: Line | None = None
    professional_team: Line | None = None
    area_id: Slug | None = None
    meeting_reference: MeetingReference | None = None
    meeting_on: date | None = None
    note: Words | None = None


class StageMoveIn(Input):
    """A move to a later stage; stages between may be skipped (IRO Handbook, chapter 6)."""

    stage: int = Field(ge=2, le=20, description="The stage's number, from 1.")
    note: Words | None = None


class NoteIn(Input):
    """A step that may carry a note."""

    note: Words | None = None


class ResolveIn(Input):
    """How an escalation was resolved."""

    resolution: Words


class WithdrawIn(Input):
    """Why an escalation is withdrawn."""

    reason: Words


class ReassignIn(Input):
    """Escalations that get another owner: those named, or all open ones of a chair who leaves."""

    from_owner_id: ColleagueId
    to_owner_id: ColleagueId
    references: References | None = Field(default=None, description="Only these; all open ones, if left out.")
    note: Words | None = None


class ReassignedOut(BaseModel):
    """What was reassigned."""

    references: list[str]


class AnswerIn(Input):
    """A liaison officer's answer, written down by somebody else."""

    references: References
    choice: Choice
    expected_on: date | None = Field(default=None, description="When they will know; with `still_looking` alone.")
    note: Annotated[str, Field(max_length=2000), AfterValidator(_without_nul)] | None = None
    on_behalf_of: ColleagueId | None = Field(default=None, description="The officer whose answer it is.")


class AnswerOut(BaseModel):
    """An answer to one or many escalations."""

    id: UUID
    at: datetime
    answered_on: date
    answered_by: str
    on_behalf_of: str | None
    choice: Choice
    expected_on: date | None
    note: str | None
    references: list[str]


class EscalationOut(BaseModel):
    """A formal escalation."""

    reference: str = Field(description="Such as `ESC-2019-0042`.")
    kind: Kind
    state: State
    theme: Theme | None
    reason: Reason | None
    person_ids: list[str]
    meeting_reference: str | None
    meeting_on: date | None
    raised_on: date
    raised_by: str
    owner_id: str
    agency_id: str
    agency_role: str
    professional_name: str | None
    professional_team: str | None
    area_id: str
    stage: int
    stage_due_on: date
    due_on: date
    answer: Choice | None = Field(description="The latest answer.")
    first_answered_on: date | None
    cafcass_referred_on: date | None
    legal_advice_requested_on: date | None
    closed_on: date | None
    closed_by: str | None
    resolution: str | None
    withdrawn_because: str | None
    challenge_reference: str | None = Field(description="The positive challenge that it grew from.")
    version: int


class EscalationPage(Page[EscalationOut]):
    """One page of escalations, newest first."""


class EscalationsOut(BaseModel):
    """Escalations that were raised together."""

    escalations: list[EscalationOut]


class MoveOut(BaseModel):
    """One thing that was done with an escalation."""

    at: datetime
    actor: str = Field(description="Who did it; the owner may be somebody else.")
    owner_id: str
    move: Move
    state: State = Field(description="How it stood afterwards.")
    stage: int
    note: str | None
    answer_id: UUID | None


class QuarterEscalationOut(BaseModel):
    """An escalation as an officer's email shows it: nothing about a child but the date of a meeting."""

    reference: str
    kind: Kind
    subject: str = Field(description="The theme or reason, in words.")
    raised_on: date
    meeting_on: date | None
    agency_id: str
    agency_role: str
    professional_team: str | None
    area_id: str
    state: State
    answered: bool
    due_on: date


class OpenEscalationOut(QuarterEscalationOut):
    """An open escalation as its chair's reminder shows it."""

    owner_id: str
    stage: int
    stage_name: str
    stage_due_on: date


class AnswerLinkIn(Input):
    """A link by which one officer answers their escalations of a quarter."""

    colleague_id: ColleagueId
    period: Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$", description="The quarter, such as `2019-Q1`.")]
    references: References
    expires_on: date = Field(description="The last day on which it works.")


class AnswerLinkTokenOut(BaseModel):
    """A new link; its token is told this once."""

    id: UUID
    token: str


class AnswerLinkOut(BaseModel):
    """A link by which an officer can answer."""

    id: UUID
    colleague_id: str
    period: str
    references: list[str]
    created_at: datetime
    expires_on: date
    superseded_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    unanswered: int = Field(description="How many of its escalations are open and not answered.")


class AnswerLinkPage(Page[AnswerLinkOut]):
    """One page of answer links, newest first."""


class ChallengeIn(Input):
    """A positive challenge: what a chair takes up informally first."""

    theme: Theme
    person_ids: PersonIds
    about: Words
    team: Line | None = None
    area_id: Slug
    raised_on: date | None = Field(default=None, description="Today, if left out; never in the future.")
    owner_id: ColleagueId | None = Field(default=None, description="Whoever asks, if left out.")


class ChallengeOut(BaseModel):
    """A positive challenge."""

    reference: str = Field(description="Such as `CHA-2019-0007`.")
    state: ChallengeState
    theme: Theme
    person_ids: list[str]
    about: str
    team: str | None
    area_id: str
    raised_on: date
    raised_by: str
    owner_id: str
    outcome: str | None
    closed_on: date | None
    escalation_reference: str | None = Field(description="The formal escalation that it became.")
    version: int


class ChallengePage(Page[ChallengeOut]):
    """One page of positive challenges, newest first."""


class OutcomeIn(Input):
    """What came of a positive challenge."""

    outcome: Words


class RaiseFormallyIn(Input):
    """To whom a positive challenge is escalated formally."""

    agency_id: Slug
    agency_role: Slug
    professional_name: Line | None = None
    professional_team: Line | None = None
    note: Words | None = None


class GoodPracticeIn(Input):
    """Good practice worth telling the worker, with a copy to the manager."""

    person_ids: PersonIds
    worker_name: Line
    team: Line
    area_id: Slug
    practice: Words
    noted_on: date | None = Field(default=None, description="Today, if left out; never in the future.")
    fed_back_on: date | None = None
    manager_copied_on: date | None = None


class GoodPracticeOut(BaseModel):
    """Good practice that was noted."""

    reference: str = Field(description="Such as `GOO-2019-0003`.")
    person_ids: list[str]
    worker_name: str
    team: str
    area_id: str
    practice: str
    noted_on: date
    noted_by: str
    fed_back_on: date | None
    manager_copied_on: date | None
    version: int


class GoodPracticePage(Page[GoodPracticeOut]):
    """One page of good practice, newest first."""


class FigureOut(BaseModel):
    """One row of a table of figures; every table is made from the same records."""

    key: str | None = Field(description="The month, agency, theme or whatever the table is by; null is the total.")
    raised: int | None = Field(description="Escalations raised; null where a small number is left out.")
    cumulative: int | None = Field(description="Raised up to and with this row, where rows are periods.")
    answered: int | None
    unanswered: int | None
    open: int | None
    overdue: int | None = Field(description="Open and past the due day.")
    response_rate: float | None = Field(description="Answered out of raised, between 0 and 1.")
    median_days_to_answer: float | None = Field(description="Calendar days from raised to first answered.")


class FiguresOut(BaseModel):
    """A table of figures."""

    by: str
    first_day: date
    last_day: date
    suppressed_below: int | None = Field(description="Counts below this were left out.")
    rows: list[FigureOut]


class InformalFiguresOut(BaseModel):
    """Positive challenges and good practice, counted apart from escalations."""

    first_day: date
    last_day: date
    challenges: int
    challenges_resolved: int
    challenges_raised_formally: int
    good_practice: int


class RepeatOut(BaseModel):
    """Somebody who failed more than once within the window."""

    agency_id: str
    professional_team: str | None
    professional_name: str | None
    failures: int
    unanswered: int
    last_raised_on: date


class ImportProblemOut(BaseModel):
    """What is wrong with one row of an import."""

    row: int = Field(description="The row's number; the heading is row 1.")
    field: str
    reason: str


class ImportOut(BaseModel):
    """What became of an import."""

    rows: int = Field(description="How many rows were read.")
    imported: int = Field(description="All of them, or none.")
    dry_run: bool
    problems: list[ImportProblemOut] = Field(description="The first thousand problems.")
    problem_count: int


def dumped(model: BaseModel) -> dict[str, Any]:
    """What a caller did send, without what they left out."""
    return model.model_dump(exclude_unset=True)
