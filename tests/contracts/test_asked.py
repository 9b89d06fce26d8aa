"""What a service reads of another one's answers is what that one documents."""

from typing import Any

import pytest
from pydantic import BaseModel

from services.escalations.clients import ConfirmedProposal
from services.notifications.clients.codes import IssuedLinkCode
from services.notifications.clients.conferences import (
    ConferenceDeadline,
    ConferenceLetter,
    CoreGroupDue,
    MadeContributionLink,
)
from services.notifications.clients.escalations import GivenAnswer, Item, Link, LinkPage, LinkWanted, MadeLink, OpenItem
from services.notifications.clients.papers import IssuedPaperLink
from services.notifications.clients.reports import QualityDue
from services.notifications.clients.reviews import Deadline, LetterChild, Letters, Parent
from tests.support.contracts.reading import unread
from tests.support.contracts.services import application, resolved

JSON = dict[str, Any]
LETTERS, LINKS = "get /internal/reviews/{reference}/letters", "/v1/answers/links"
ANSWERS = [
    ("reports", "get /internal/quality/due", "", QualityDue),
    ("reviews", "get /internal/deadlines/digest", "", Deadline),
    ("reviews", LETTERS, "", Letters),
    ("reviews", LETTERS, "children", LetterChild),
    ("reviews", "get /internal/reviews/{reference}/parents", "", Parent),
    ("escalations", "get /internal/escalations/quarter", "", Item),
    ("escalations", "get /internal/escalations/open", "", OpenItem),
    ("escalations", "get /v1/answers/{answer_id}", "", GivenAnswer),
    ("escalations", f"get {LINKS}", "", LinkPage),
    ("escalations", f"get {LINKS}", "items", Link),
    ("escalations", "post /internal/answer-links", "", MadeLink),
    ("conferences", "get /internal/conferences/{reference}/proposals/confirmed", "", ConfirmedProposal),
    ("conferences", "get /internal/conference-deadlines/digest", "", ConferenceDeadline),
    ("conferences", "get /internal/invitations/{invitation_id}/letter", "", ConferenceLetter),
    ("conferences", "get /internal/conferences/{reference}/letters", "", ConferenceLetter),
    ("conferences", "get /internal/invitations/reports-due", "", ConferenceLetter),
    ("conferences", "get /internal/invitations/without-address", "", ConferenceLetter),
    ("conferences", "get /internal/core-groups/due", "", CoreGroupDue),
    ("conferences", "post /internal/invitations/{invitation_id}/contribution-links", "", MadeContributionLink),
    ("conferences", "post /internal/link-codes/{code_id}/issue", "", IssuedLinkCode),
    ("reviews", "post /internal/link-codes/{code_id}/issue", "", IssuedLinkCode),
    ("reviews", "post /internal/paper-links/{link_id}/issue", "", IssuedPaperLink),
    ("conferences", "post /internal/paper-links/{link_id}/issue", "", IssuedPaperLink),
]


def document(service: str) -> JSON:
    """A service's document, in which a word of a fixed list counts as any text."""
    found: JSON = without_words(application(service).openapi())
    return found


def without_words(node: Any) -> Any:
    """The same without its fixed lists of words."""
    if isinstance(node, dict):
        return {key: without_words(value) for key, value in node.items() if key not in {"enum", "const"}}
    return [without_words(part) for part in node] if isinstance(node, list) else node


def described(whole: JSON, schema: JSON) -> JSON:
    """The object that a schema is, or that its list holds, with all that it may refer to."""
    schema = schema.get("items", schema)
    found = resolved(whole, schema["$ref"].removeprefix("#/")) if "$ref" in schema else schema
    return {"$defs": whole["components"]["schemas"], **found}


@pytest.mark.parametrize(("service", "asked", "inside", "read"), ANSWERS)
def test_what_is_read_of_an_answer_is_answered(service: str, asked: str, inside: str, read: type[BaseModel]) -> None:
    whole, (method, _, path) = document(service), asked.partition(" ")
    responses = whole["paths"][path][method]["responses"]
    answer = next(response for status, response in responses.items() if status in {"200", "201"})
    said = described(whole, answer["content"]["application/json"]["schema"])
    if inside:
        said = described(whole, said["properties"][inside])
    assert list(unread(said, read.model_json_schema(mode="validation"))) == []


def test_the_link_that_is_wanted_is_one_that_can_be_asked_for() -> None:
    whole = document("escalations")
    taken = described(
        whole, whole["paths"]["/internal/answer-links"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    )
    assert list(unread(LinkWanted.model_json_schema(mode="serialization"), taken)) == []
    assert set(LinkWanted.model_fields) <= set(taken["properties"])
