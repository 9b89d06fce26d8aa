"""The sector's validator really runs here, and finds in the Reviews file what it should."""

from typing import NamedTuple

import pytest

from tests.support.returns.validator903 import REVIEW_RULES, Failures, Return, failures, failures_of

YEAR = 2020
HEADER = """\
CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB
OLDER,1,21/03/2009,WBRI,A123456789012,,
BABY,2,05/06/2018,MWBC,UN1,0,
"""
EPISODES = """\
CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN
OLDER,01/02/2017,S,C2,N1,U6,PR1,,,,CB1 1PT,CB2 1TN,SC123456
BABY,10/04/2019,S,V2,N1,U6,PR1,01/07/2019,X1,,CB1 1PT,CB2 1TN,SC123456
BABY,01/07/2019,L,C1,N1,U6,PR1,,,,CB1 1PT,CB2 1TN,SC123456
"""
REVIEWS = """\
CHILD,DOB,REVIEW,REVIEW_CODE
OLDER,21/03/2009,03/06/2019,PN1
OLDER,21/03/2009,25/11/2019,PN3
BABY,05/06/2018,08/05/2019,PN0
"""
SHORT_BREAKS = "BREAKS,01/02/2020,S,V4,N1,U6,PR1,11/02/2020,E8,,,,\n"


class Case(NamedTuple):
    reviews: str
    rules: set[str]
    header: str = ""
    episodes: str = ""


# Each is the correct return above with lines added to its files.
CASES = {
    "a correct return": Case("", set()),
    "under four, at the age of ten": Case("OLDER,21/03/2009,10/02/2020,PN0\n", {"440"}),
    "a part of one's own, at the age of one": Case("BABY,05/06/2018,03/09/2019,PN6\n", {"441"}),
    "a day as ISO writes it": Case("OLDER,21/03/2009,2020-02-10,PN1\n", {"166"}),
    "no day": Case("OLDER,21/03/2009,,PN1\n", {"166", "167"}),
    "no code": Case("OLDER,21/03/2009,10/02/2020,\n", {"167"}),
    "a code that does not exist": Case("OLDER,21/03/2009,10/02/2020,PN8\n", {"167"}),
    "another date of birth": Case("OLDER,21/03/2008,10/02/2020,PN1\n", {"INT17"}),
    "a child without a header or episodes": Case("NOBODY,21/03/2009,10/02/2020,PN1\n", {"INT08", "1012"}),
    "a child without episodes in the year": Case(
        "GONE,21/03/2009,10/02/2020,PN1\n", {"1012", "EPI"}, header="GONE,1,21/03/2009,WBRI,A123456789013,,\n"
    ),
    "a child with nothing but short breaks": Case(
        "BREAKS,21/03/2009,10/02/2020,PN1\n",
        {"399"},
        header="BREAKS,1,21/03/2009,WBRI,A123456789014,,\n",
        episodes=SHORT_BREAKS,
    ),
}
# What no rule looks at, so that only our own tests do.
UNSEEN = {
    "under four, on the fourth birthday": "OLDER,21/03/2009,21/03/2013,PN0\n",
    "four, on the fourth birthday": "OLDER,21/03/2009,21/03/2013,PN1\n",
    "the same review twice": "OLDER,21/03/2009,03/06/2019,PN1\n",
    "a review of another year": "OLDER,21/03/2009,10/02/2021,PN1\n",
    "a review before the first episode": "BABY,05/06/2018,02/04/2019,PN0\n",
    "no date of birth": "OLDER,,10/02/2020,PN1\n",
}


def handed_in(case: Case) -> Return:
    return Return(HEADER + case.header, EPISODES + case.episodes, REVIEWS + case.reviews, YEAR)


@pytest.fixture(scope="module")
def judged() -> dict[str, Failures]:
    cases = CASES | {name: Case(reviews, set()) for name, reviews in UNSEEN.items()}
    return dict(zip(cases, failures_of([handed_in(case) for case in cases.values()]), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_validator_finds_what_is_wrong_and_nothing_else(judged: dict[str, Failures], name: str) -> None:
    found = judged[name]
    assert set(found) == CASES[name].rules
    for code in REVIEW_RULES & found.keys():
        rows = [row for row in found[code] if row["table"] == "Reviews"]
        assert [",".join(map(str, list(row.values())[2:])) for row in rows] == [CASES[name].reviews.strip()]
        assert [row["line"] for row in rows] == [5]


def test_every_rule_about_reviews_is_seen_to_fail() -> None:
    assert set().union(*(case.rules for case in CASES.values())) >= REVIEW_RULES


@pytest.mark.parametrize("name", UNSEEN)
def test_the_validator_does_not_see_everything(judged: dict[str, Failures], name: str) -> None:
    assert judged[name] == {}


def test_one_return_is_judged_alone_and_by_the_days_of_its_own_year() -> None:
    assert failures(HEADER, EPISODES, REVIEWS, YEAR) == {}
    # Seen from the year before, an episode ends after the year.
    assert {"354"} <= set(failures(HEADER, EPISODES, REVIEWS, YEAR - 1))


def test_the_rules_of_later_years_want_the_sex_in_letters() -> None:
    # By then the baby is of school age, so that a number is expected, or another reason for its absence.
    digits = HEADER.replace("UN1", "UN3")
    letters = digits.replace(",1,", ",M,").replace(",2,", ",F,")
    assert failures(digits, EPISODES, REVIEWS, 2026).keys() == {"101"}
    assert failures(letters, EPISODES, REVIEWS, 2026) == {}


def test_a_return_without_a_review_has_nothing_wrong_with_its_reviews() -> None:
    assert failures(HEADER, EPISODES, REVIEWS.splitlines()[0] + "\n", YEAR) == {}


def test_a_file_with_other_columns_is_refused() -> None:
    with pytest.raises(AssertionError, match="Failed to match provided data"):
        failures(HEADER, EPISODES, REVIEWS.replace("REVIEW_CODE", "PARTICIPATION"), YEAR)


def test_what_cannot_be_tested_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support.returns import own_environment

    monkeypatch.setattr(own_environment, "_environment", lambda *_: "python3.11 is missing")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"THE SECTOR'S VALIDATOR: python3\.11 is missing"):
        failures(HEADER, EPISODES, REVIEWS, YEAR)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="NOT TESTED"):
        failures(HEADER, EPISODES, REVIEWS, YEAR)
