"""The return that the service exports: the sector's validator finds nothing in it, and our own checks find the rest."""

import json
from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.participation import possible_codes
from chassis.law.periods import parse
from chassis.law.working_days import subtract_working_days
from demo import looked_after
from tests.support.returns import generated, returned
from tests.support.returns.children import import_rows
from tests.support.returns.council import PRESENT_DAY, Council, until
from tests.support.returns.validator903 import REVIEW_RULES, Return, failures_of
from tests.support.sharing import Shared

YEARS = ("2018-19", "2019-20")
REVIEWS = {"2018-19": 1872, "2019-20": 1914}
COPY = """
    INSERT INTO child_review
    SELECT (jsonb_populate_record(part, $1::jsonb)).*
    FROM child_review part WHERE held_on >= '2019-04-01' AND held_on < '2020-03-01' AND track = 'care' AND age > 9
    ORDER BY held_on, person_id LIMIT 1 RETURNING person_id, held_on
"""
# Somebody of the year's return who had left before its end.
GONE = """
    SELECT person_id FROM period_of_care care JOIN chassis.child USING (person_id)
    WHERE ends_on BETWEEN '2019-08-01' AND '2020-03-01' AND NOT care.short_breaks AND born_on < '2010-01-01'
    GROUP BY person_id HAVING count(*) = 1 ORDER BY max(starts_on), person_id LIMIT 1
"""


@pytest.fixture(scope="module")
async def demo(shared: Shared) -> None:
    """What the demo's council has, taken in once: whoever asks for it leaves it as it was."""
    await shared.begin_anew()
    with clock.shifted(until(PRESENT_DAY)):
        async with shared.client() as client:
            await Council(client).takes_in(looked_after.children(), looked_after.reviews())


@pytest.fixture
async def filled(demo: None, shared: Shared) -> AsyncIterator[Council]:
    with clock.shifted(until(PRESENT_DAY)):
        async with shared.client() as client:
            yield Council(client)


async def test_the_validator_finds_nothing_wrong_with_the_demos_returns(filled: Council) -> None:
    handed_in = [
        Return(returned.header(year), returned.episodes(year), await filled.exported(year), parse(year).last.year)
        for year in YEARS
    ]
    # Not one of its rules fails, whatever file it is about.
    assert failures_of(handed_in) == [{}, {}]
    for year, files in zip(YEARS, handed_in, strict=True):
        # The heading is a line of its own.
        assert len(files.reviews.splitlines()) == REVIEWS[year] + 1


async def test_nothing_stands_in_the_way_of_the_demos_returns_and_only_the_first_year_had_late_reviews(
    filled: Council,
) -> None:
    for year in YEARS:
        checked = await filled.checked(year)
        assert (checked["rows"], checked["short_break_reviews_left_out"] > 0) == (REVIEWS[year], True)
        assert {finding["rule"] for finding in checked["findings"]} == ({"late"} if year == "2018-19" else set())
        assert not any(finding["blocking"] for finding in checked["findings"])


async def test_short_breaks_panels_and_disruptions_are_no_rows_of_the_return(filled: Council) -> None:
    in_return = {line.split(",")[0] for year in YEARS for line in (await filled.exported(year)).splitlines()[1:]}
    short = {child["person_id"] for child in looked_after.children() if child["legal_status"] == "V4"}
    assert short and not short & in_return
    apart = [review for review in looked_after.reviews() if review["sequence"]]
    all_rows = [line for year in YEARS for line in (await filled.exported(year)).splitlines()]
    for review in apart:
        day = f"{date.fromisoformat(review['held_on']):%d/%m/%Y}"
        assert not any(line.startswith(review["person_id"]) and f",{day}," in line for line in all_rows)


WRITTEN_PAST_EVERY_RULE = {
    "duplicate": {},
    "outside_care": {"held_on": "2020-03-30"},
    "code_and_age": {"participation": "PN0"},
}


async def _with_a_wrong_row(filled: Council, shared: Shared, rule: str) -> str:
    """The Reviews file with a row that no request can bring about; our own checks have found that row and no other."""
    changed = WRITTEN_PAST_EVERY_RULE[rule]
    gone = (await filled.rows(GONE))[0]["person_id"]
    said = {"id": str(uuid4()), "review_id": str(uuid4()), "record_on": None, "distributed_on": None} | changed
    row = await shared.superuser.fetchrow(COPY, json.dumps(said | ({"person_id": gone} if "held_on" in said else {})))
    assert row
    found = [finding for finding in (await filled.checked("2019-20"))["findings"] if finding["blocking"]]
    assert rule in {finding["rule"] for finding in found}
    assert {(finding["person_id"], finding["held_on"]) for finding in found} == {
        (row["person_id"], row["held_on"].isoformat())
    }
    exported = await filled.exported("2019-20")
    await shared.superuser.execute("DELETE FROM child_review WHERE id = $1", said["id"])
    return exported


async def test_our_own_checks_find_what_the_validator_does_not(filled: Council, shared: Shared) -> None:
    """Whatever is wrong is found before the return is sent."""
    handed_in = [
        Return(
            returned.header("2019-20"),
            returned.episodes("2019-20"),
            await _with_a_wrong_row(filled, shared, rule),
            2020,
        )
        for rule in WRITTEN_PAST_EVERY_RULE
    ]
    found_by_validator = dict(zip(WRITTEN_PAST_EVERY_RULE, failures_of(handed_in), strict=True))
    assert {rule for rule, found in found_by_validator.items() if found} == {"code_and_age"}


async def _hold_now(council: Council, person_id: str, code: str, today: date) -> None:
    """Plan a review for today and hold it, as a chair does."""
    headers = council.client.as_(Role.CHAIR, subject=generated.CHAIR)
    wanted = {"person_ids": [person_id], "planned_on": today.isoformat()}
    planned = await council.client.post("/v1/reviews", json=wanted, headers=headers)
    assert planned.status_code == 201, planned.text
    outcome = {"person_id": person_id, "participation": code, "attended": code in {"PN1", "PN2", "PN3", "PN4"}}
    held = await council.client.post(
        f"/v1/reviews/{planned.json()['reference']}/hold",
        json={"held_on": today.isoformat(), "children": [outcome | {"seen_alone": False}]},
        headers=headers | {"If-Match": planned.headers["ETag"]},
    )
    assert held.status_code == 200, held.text


async def _generated(council: Council, shared: Shared, ends_in: int) -> Return:
    """A generated year's return: reviews imported from before, and some held on its last working day."""
    await shared.begin_anew()
    year, today = f"{ends_in - 1}-{ends_in % 100:02}", subtract_working_days(date(ends_in, 4, 1), 1)
    of = generated.children(ends_in, date(ends_in - 3, 1, 1), date(ends_in, 3, 1), 120)
    past = generated.reviews(ends_in, of, date(ends_in, 2, 28))
    with clock.shifted(until(today)):
        await council.takes_in(import_rows(of, generated.CHAIR), past)
        here = [child for child in of if child.stays[-1].ends_on is None]
        for number, child in enumerate(here[:15]):
            codes = sorted(possible_codes(child.born_on, today))
            await _hold_now(council, child.person_id, codes[number % len(codes)], today)
        checked, text = await council.checked(year), await council.exported(year)
    assert not any(finding["blocking"] for finding in checked["findings"])
    assert len(text.splitlines()) - 1 == checked["rows"] > 100
    return Return(returned.header(year, of), returned.episodes(year, of), text, ends_in)


async def test_no_rule_about_reviews_fails_for_generated_years(council: Council, shared: Shared) -> None:
    # The days, the ages and the lives differ with the seed, which is the year.
    handed_in = [await _generated(council, shared, ends_in) for ends_in in (2017, 2020, 2023)]
    for found in failures_of(handed_in):
        assert REVIEW_RULES.isdisjoint(found), {code: found[code] for code in REVIEW_RULES & found.keys()}


async def test_what_is_no_financial_year_is_refused(council: Council) -> None:
    for year in ("2019", "2019-Q1", "2019-04"):
        headers = council.client.as_(Role.TEAM_MANAGER)
        answer = await council.client.get(f"/v1/returns/ssda903/{year}/reviews.csv", headers=headers)
        assert answer.status_code == 422, answer.text
