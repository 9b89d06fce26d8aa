"""The sector's validator of the CIN census really runs here, finds what it should, and is known for what it misses."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.support.returns import validator_cin
from tests.support.returns.cin_faults import CHILD, ENQUIRIES, PLANS, UNSEEN
from tests.support.returns.cin_sample import (
    ENDED,
    HEADER,
    NOT_REQUIRED,
    OF_THE_WHOLE_AUTHORITY,
    ON_A_PLAN,
    YEAR,
    census,
    changed,
    reviews_apart,
    with_gender,
)
from tests.support.returns.validator_cin import Census, Failures, failures_of

# The sample is a whole census, so that no part of it is somebody else's.
EVERY_PART = frozenset(
    "Header ChildIdentifiers ChildCharacteristics Disabilities CINdetails Assessments CINplanDates Section47"
    " ChildProtectionPlans Reviews".split()
)
FAULTS = ENQUIRIES | PLANS | CHILD | {name: (planted, set()) for name, planted in UNSEEN.items()}
PERSONS = {name: f"F{number:03}" for number, name in enumerate(FAULTS)}
# Children who are wrong beside others, or whose numbers are, with the rules that name them, or the authority alone.
TOGETHER = (
    changed(ENDED, "ENDED", {}, {}),
    changed(ENDED, "OTHER", {}, {"UPN": "A925000000011"}),
    changed(ENDED, "P-1", {}, {}),
    changed(ENDED, "P" * 21, {}, {}),
    changed(NOT_REQUIRED, "NOTHING", {}, {"CINdetails": None}),
    changed(NOT_REQUIRED, "UNKNOWN", {}, {"Sex": "U"}),
    changed(ON_A_PLAN, "NEW", {}, {"Section47": None}),
)
WRONG_TOGETHER = {
    "ENDED": {"8510", "8794", "8820"},
    "OTHER": {"1520"},
    "PLAN": {"1520"},
    "P-1": {"1580"},
    "P" * 21: {"1570"},
    "NOTHING": {"8590"},
    "NEW": {"2885"},
    "": {"2883", "2886Q"} | OF_THE_WHOLE_AUTHORITY,
}
ONE_REVIEW_BEFORE = census().replace("<CPPreviewDate>2026-02-23", "<CPPreviewDate>2025-06-20")
CENSUSES = {
    "faults": Census(reviews_apart(census(*(planted(PERSONS[name]) for name, (planted, _) in FAULTS.items()))), YEAR),
    "right": Census(reviews_apart(census()), YEAR),
    "right, of the first year with the sex": Census(reviews_apart(census()), 2025),
    "right, of the last year with the gender": Census(with_gender(census()), 2024),
    "the sex too early": Census(census(), 2024),
    "another day": Census(census(header=HEADER.replace("03-31", "03-30")), YEAR),
    "together": Census(census(*TOGETHER), YEAR),
    "a second date in one element": Census(ONE_REVIEW_BEFORE, YEAR),
}


@pytest.fixture(scope="module")
def every_rule() -> Iterator[None]:
    """Look at the rules about the parts of others too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validator_cin, "OURS", EVERY_PART)
        patch.setattr(validator_cin, "OF_OTHERS", frozenset())
        yield


@pytest.fixture(scope="module")
def judged(every_rule: None) -> dict[str, Failures]:
    """What is found in each census, by one process."""
    return dict(zip(CENSUSES, failures_of(list(CENSUSES.values())), strict=True))


def by_child(found: Failures) -> dict[str, set[str]]:
    """The rules that name each child, and those that name none."""
    rules = defaultdict(set)
    for rule, rows in found.items():
        for row in rows:
            rules[row.get("child_id", "")].add(rule)
    return dict(rules)


@pytest.mark.parametrize("name", FAULTS)
def test_the_validator_finds_what_is_wrong_with_a_child_and_nothing_else(
    judged: dict[str, Failures], name: str
) -> None:
    assert by_child(judged["faults"]).get(PERSONS[name], set()) == FAULTS[name][1]


def test_it_finds_nothing_wrong_with_the_children_beside_them(judged: dict[str, Failures]) -> None:
    assert by_child(judged["faults"]).keys() == {PERSONS[name] for name, (_, rules) in FAULTS.items() if rules}


@pytest.mark.parametrize("name", [name for name in CENSUSES if name.startswith("right")])
def test_nothing_is_wrong_with_the_sample(judged: dict[str, Failures], name: str) -> None:
    assert judged[name].keys() == OF_THE_WHOLE_AUTHORITY


def test_the_validator_finds_what_is_wrong_with_children_beside_each_other(judged: dict[str, Failures]) -> None:
    assert by_child(judged["together"]) == WRONG_TOGETHER


def test_the_year_ends_with_march(judged: dict[str, Failures]) -> None:
    assert judged["another day"].keys() == OF_THE_WHOLE_AUTHORITY | {"100"}


def test_the_sex_is_not_asked_for_before_the_census_of_2024_25(judged: dict[str, Failures]) -> None:
    assert judged["the sex too early"].keys() == OF_THE_WHOLE_AUTHORITY | {"4180", "8750"}


def test_of_the_dates_in_one_element_only_the_first_is_seen(judged: dict[str, Failures]) -> None:
    assert judged["a second date in one element"].keys() == OF_THE_WHOLE_AUTHORITY
    assert FAULTS["a later review before the plan"][1] == {"8841"}


def test_what_is_no_census_is_refused() -> None:
    with pytest.raises(AssertionError, match="could not read a census"):
        failures_of([Census("<Message/>", YEAR)])
