"""What a record said that was voided is described column by column, by its kind."""

from typing import Any, get_args

import pytest

from chassis.meetings.details import (
    ContactSaid,
    CoreGroupSaid,
    DiscussionSaid,
    FeedbackSaid,
    MidpointCheckSaid,
    PlanCheckSaid,
    PromptSaid,
    Said,
)
from services.conferences.checks.models import PlanCheck, TwelveMonthDiscussion
from services.conferences.core_groups.models import CoreGroup
from services.conferences.feedback.models import Feedback as ConferenceFeedback
from services.reviews.feedback.models import Feedback
from services.reviews.prompts.models import PromptDone
from services.reviews.visits.models import Contact, MidpointCheck

TABLES: list[tuple[Any, Any]] = [
    (Contact, ContactSaid),
    (MidpointCheck, MidpointCheckSaid),
    (PromptDone, PromptSaid),
    (Feedback, FeedbackSaid),
    (ConferenceFeedback, FeedbackSaid),
    (PlanCheck, PlanCheckSaid),
    (TwelveMonthDiscussion, DiscussionSaid),
    (CoreGroup, CoreGroupSaid),
]


@pytest.mark.parametrize(("table", "said"), TABLES)
def test_what_was_said_has_the_columns_of_its_table(table: Any, said: Any) -> None:
    columns = {column.name: column.nullable for column in table.__table__.c}
    described = {name: type(None) in get_args(field.annotation) for name, field in said.model_fields.items()}
    assert described == columns
    assert f"`{table.__tablename__}`" in said.__doc__


def test_every_kind_is_told_apart() -> None:
    assert set(get_args(Said)) == {said for _, said in TABLES}
