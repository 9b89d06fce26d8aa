"""Every operation refuses what it does not know, and says what is wrong to people."""

import json
import re
from typing import Any

import pytest

from chassis.access.callers import Role
from deploy.services import SERVICES
from tests.support.contracts.services import Operation, all_operations, application
from tests.support.running import Running

PLANTED = "PLANTED-7a1e"
WRONG: list[Any] = [PLANTED, {"no-such-part": PLANTED}, [{"no-such-part": PLANTED}], [[PLANTED]], -1e300, True, None]
OF_THE_LIBRARY = re.compile(
    r"(Input should|Extra inputs|Field required|Value error|Assertion|Unable to|Invalid|value is not)|"
    r"(String|List|Value|Set|Tuple|Dictionary|URL|Decimal|Date|Datetime) (should|must) .*(validator|valid |bytes)"
)


def of(name: str) -> list[Operation]:
    return list(all_operations(application(name).openapi()))


def properties(operation: Operation, document: dict[str, Any]) -> list[str]:
    """The names that the body of an operation has, if it is JSON."""
    content = operation.document.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return list(document["components"]["schemas"].get(reference, {}).get("properties", {}))


def wrong_bodies(operation: Operation, document: dict[str, Any]) -> list[Any]:
    """Bodies that are wrong in each of their fields, one way after the other."""
    names = properties(operation, document)
    return [{}, {"no-such-field": PLANTED}, *(dict.fromkeys(names, wrong) for wrong in WRONG)] if names else []


@pytest.mark.parametrize("name", SERVICES)
async def test_what_is_wrong_is_said_to_people(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    document = application(name).openapi()
    spoken: set[str] = set()
    for operation in of(name):
        for body in wrong_bodies(operation, document):
            headers = client.as_(*Role) | {"If-Match": '"1"', "Content-Type": "application/json"}
            answer = await client.request(
                operation.method, operation.address, headers=headers, content=json.dumps(body)
            )
            # The children service is not there to say who a child is.
            unknown_child = operation.path.endswith("/protection") and answer.status_code == 503
            assert answer.status_code < 500 or unknown_child, f"{operation.label} {body}"
            if answer.status_code == 422:
                for error in answer.json()["errors"]:
                    assert PLANTED not in error["message"], f"{operation.label} {error}"
                    assert error["message"][-1:] == ".", f"{operation.label} {error}"
                    spoken.add(error["message"])
    assert [message for message in spoken if OF_THE_LIBRARY.match(message)] == []
    assert len(spoken) > 20


@pytest.mark.parametrize("name", SERVICES)
async def test_a_parameter_that_nobody_knows_is_refused(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    known = {}
    for operation in of(name):
        answer = await client.request(
            operation.method,
            operation.address,
            params={"no-such-parameter": PLANTED},
            headers=client.as_(*Role) | {"If-Match": '"1"'} | operation.headers,
            content=operation.body,
        )
        said = {error["field"]: error["message"] for error in answer.json().get("errors", ())}
        if said.get("no-such-parameter") != "no-such-parameter is not a parameter of this request.":
            known[operation.label] = answer.status_code
        assert PLANTED not in answer.text
    assert known == {}
