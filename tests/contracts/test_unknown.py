"""What belongs to a record is not found where there is no such record: an empty list would say that nothing is owed."""

import re

import pytest

from chassis.access.callers import Role
from deploy.services import SERVICES
from tests.support.contracts.services import Operation, all_operations, application
from tests.support.running import Running

# What is asked for by our own services because of an event, in which the record is named.
OF_SERVICES = {"/internal/conferences/{reference}/letters", "/internal/conferences/{reference}/proposals/confirmed"}
RECORDS = {"{reference}", "{person_id}", "{invitation_id}", "{conference_reference}"}


def below_a_record(name: str) -> list[Operation]:
    """The readings of a service whose path names a record first."""
    return [
        operation
        for operation in all_operations(application(name).openapi())
        if operation.method == "GET" and RECORDS & set(operation.path.split("/")) and operation.path not in OF_SERVICES
    ]


@pytest.mark.parametrize("name", ["children", "reviews", "conferences", "escalations"])
async def test_nothing_is_found_of_a_record_that_is_not_there(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    asked = below_a_record(name)
    assert len(asked) > (0 if name == "children" else 3)
    answers = {
        operation.path: (await client.get(operation.address, headers=client.as_(*Role))).status_code
        for operation in asked
    }
    assert {path: status for path, status in answers.items() if status != 404} == {}
    assert all("404" in operation.document["responses"] for operation in asked)


@pytest.mark.parametrize("name", SERVICES)
async def test_nothing_is_at_an_address_of_the_wrong_form(name: str, running: Running) -> None:
    """Whoever mistypes a reference is told what whoever asks for another one is told; a year is none."""
    client = await running(name, log_level="error")
    asked = [
        operation
        for operation in all_operations(application(name).openapi())
        if "{" in operation.path and "{year}" not in operation.path and operation.method != "PUT"
    ]
    answers = {}
    for operation in asked:
        headers = operation.headers | client.as_(*Role)
        path = re.sub(r"\{\w+\}", "!", operation.path)
        answer = await client.request(operation.method, path, headers=headers, content=operation.body)
        answers[operation.label] = answer.status_code
    assert {label: status for label, status in answers.items() if status != 404} == {}
    assert all("404" in operation.document["responses"] for operation in asked)
