"""Every list and every figure of the document answers as CSV what it answers as JSON."""

import pytest

from chassis.access.callers import Role
from deploy.services import SERVICES
from tests.support.contracts import services
from tests.support.contracts.services import all_operations, application
from tests.support.contracts.tables import answered, required, row_schema, rows_answered, tables
from tests.support.running import Running
from tests.support.spreadsheets import check_same, rows_of

FIGURES = {"period", "until", "by", "area_id", "chair_id", "suppress"}


def test_every_list_and_every_figure_says_that_it_answers_csv() -> None:
    document = services.merged()
    found = tables(document)
    assert len(found) > 55
    assert [operation.path for operation in found if "text/csv" not in answered(operation)] == []
    of_figures = [operation for operation in all_operations(document) if operation.path.startswith("/v1/figures/")]
    assert [operation.path for operation in of_figures if operation not in found] == []


def test_all_tables_of_figures_take_the_same_parameters() -> None:
    document = services.merged()
    for operation in all_operations(document):
        if operation.path.startswith("/v1/figures/"):
            names = {parameter["name"] for parameter in operation.document["parameters"]}
            # Who failed repeatedly is no table of counts.
            assert names >= (FIGURES if operation.path != "/v1/figures/repeats" else {"period", "until", "by"})


@pytest.mark.parametrize("name", SERVICES)
async def test_an_empty_table_is_a_file_with_the_fields_of_its_schema(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    headers = client.as_(*Role)
    document = application(name).openapi()
    for operation in tables(document):
        query = required(operation)
        as_json = await client.get(operation.address, params=query, headers=headers)
        as_csv = await client.get(operation.address, params=query, headers=headers | {"Accept": "text/csv"})
        if as_json.status_code != 200:
            # There is nobody there, or what is asked for is no such thing.
            assert (as_csv.status_code, as_csv.json()) == (as_json.status_code, as_json.json()), operation.path
            continue
        assert rows_of(as_csv)[0] == list(row_schema(document, operation)["properties"]), operation.path
        # The audit of one reading stands in the answer of the next.
        if not operation.path.endswith("audit-entries"):
            check_same(as_csv, rows_answered(as_json.json()))


@pytest.mark.parametrize("name", ["reviews", "conferences", "escalations"])
async def test_no_figure_takes_a_parameter_that_it_does_not_know(name: str, running: Running) -> None:
    client = await running(name, log_level="error")
    found = [
        operation for operation in tables(application(name).openapi()) if operation.path.startswith("/v1/figures/")
    ]
    for operation in found:
        answer = await client.get(
            operation.address, params={"period": "2019-20", "untill": "2020-21"}, headers=client.as_(*Role)
        )
        assert [error["field"] for error in answer.json()["errors"]] == ["untill"], operation.path
