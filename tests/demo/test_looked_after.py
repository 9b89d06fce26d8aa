"""The demo's looked-after children bear out the published figures, and every review obeys the law."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

import pytest

from chassis.law.ages import age_on
from chassis.law.participation import PARTICIPATED, Participation, code_violation
from chassis.law.timescales import midpoint
from chassis.law.working_days import add_months, is_working_day, working_days_between
from chassis.meetings.vocabulary import Mode
from demo import looked_after
from demo.tables import AS_OF, Row, read, read_by
from services.reviews.rules.chairs import Standing, chair_violation, panel_chair_violation
from services.reviews.rules.children import approval_needed, is_within_care, life_links_on, periods_violation
from services.reviews.rules.meetings import early_review_violation
from services.reviews.rules.sequence import Care, Episode, Held, ReviewDue, reviews_due
from services.reviews.rules.vocabulary import (
    CASE_TRACKS,
    MAIN_TRACKS,
    RETURNED_TRACKS,
    TRACKS,
    Approval,
    EarlyTrigger,
    LegalStatus,
    NextStep,
    ReviewKind,
    Track,
)
from tests.support import published
from tests.support.published import prose

CHILDREN = looked_after.children()
REVIEWS = looked_after.reviews()
DECISIONS = read("looked_after/directors_decisions")
BY_CHILD = {key: list(rows) for key, rows in groupby(CHILDREN, key=lambda row: row["person_id"])}
REVIEWS_OF: dict[str, list[Row]] = defaultdict(list)
for _row in REVIEWS:
    REVIEWS_OF[_row["person_id"]].append(_row)
SECOND_YEAR = (date(2019, 4, 1), date(2020, 3, 31))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def held_on(row: Row) -> date:
    return date.fromisoformat(row["held_on"])


def in_second_year(row: Row) -> bool:
    return SECOND_YEAR[0] <= held_on(row) <= SECOND_YEAR[1]


class Stay(NamedTuple):
    person_id: str
    born_on: date
    care: Care
    before: int
    before_on: date | None

    def known_on(self, at: date) -> Care:
        """The stay as the records knew it on a day: what was to come is not there yet."""
        care = self.care
        consent = care.adoption_authorised_on
        episodes = [episode for episode in care.episodes if episode.starts_on <= at]
        return Care(care.starts_on, None, episodes, consent if consent and consent <= at else None)

    def earlier(self) -> list[Held]:
        kind = ReviewKind.SHORT_BREAK_LATER if self.care.is_short_breaks() else ReviewKind.LATER
        return [Held(kind, self.before_on)] * self.before if self.before_on else []


def stays_of(rows: list[Row]) -> Iterator[Stay]:
    for starts_on, group in groupby(rows, key=lambda row: row["period_starts_on"]):
        episodes = list(group)
        first = episodes[0]
        made = [
            Episode(
                date.fromisoformat(episode["episode_starts_on"]),
                LegalStatus(episode["legal_status"]),
                episode["placement"],
            )
            for episode in episodes
        ]
        ends_on, consent = day(first["period_ends_on"]), day(first["adoption_authorised_on"])
        care = Care(date.fromisoformat(starts_on), ends_on, made, consent)
        before = int(first["reviews_before"] or 0)
        yield Stay(
            first["person_id"], date.fromisoformat(first["born_on"]), care, before, day(first["reviewed_before_on"])
        )


STAYS = {key: list(stays_of(rows)) for key, rows in BY_CHILD.items()}


class Reviewed(NamedTuple):
    stay: Stay
    row: Row
    due: ReviewDue


class Chain(NamedTuple):
    """A stay's reviews, each with when it was due; what was not held in time; and what is due at the end."""

    stay: Stay
    reviewed: list[Reviewed]
    lapsed: list[date]
    still_due: list[ReviewDue]


def chain(stay: Stay) -> Chain:
    """Go through a stay day by day, as the rules see it."""
    held, reviewed, lapsed = stay.earlier(), [], []
    rows = [row for row in REVIEWS_OF[stay.person_id] if row["sequence"] != "disruption"]
    end = stay.care.ends_on or AS_OF
    rows = [row for row in rows if stay.care.starts_on <= held_on(row) <= end]
    changes = {episode.starts_on for episode in stay.care.episodes} | {
        stay.care.adoption_authorised_on,
        stay.care.ends_on,
    }
    days = sorted({*map(held_on, rows), *(change for change in changes if change and change > stay.care.starts_on)})
    for at in days:
        dues = reviews_due(stay.known_on(at - timedelta(days=1)), held) if at > stay.care.starts_on else []
        following = reviews_due(stay.known_on(at), held)
        going_on = {due.due_on for due in following if at != stay.care.ends_on}
        lapsed += [due.due_on for due in dues if date(2018, 4, 1) <= due.due_on < at and due.due_on not in going_on]
        for row in [row for row in rows if held_on(row) == at]:
            secure = row["sequence"] == "secure"
            due = next(review for review in following if (review.track is Track.SECURE) == secure)
            reviewed.append(Reviewed(stay, row, due))
        held += [Held(review.due.kind, at) for review in reviewed if held_on(review.row) == at]
    still_due = [] if stay.care.ends_on else reviews_due(stay.care, held)
    return Chain(stay, reviewed, lapsed, still_due)


CHAINS = [chain(stay) for stays in STAYS.values() for stay in stays]
REVIEWED = [review for found in CHAINS for review in found.reviewed]


def of_tracks(tracks: frozenset[Track]) -> list[Row]:
    return [review.row for review in REVIEWED if TRACKS[review.due.kind] in tracks]


def late(first: date, last: date) -> list[Reviewed]:
    return [
        review
        for review in REVIEWED
        if first <= held_on(review.row) <= last and held_on(review.row) > review.due.due_on
    ]


def looked_after_on(at: date) -> int:
    return sum(
        any(
            stay.care.starts_on <= at
            and (stay.care.ends_on is None or stay.care.ends_on > at)
            and not stay.care.is_short_breaks()
            for stay in stays
        )
        for stays in STAYS.values()
    )


def test_every_row_of_a_child_was_found_in_a_stay() -> None:
    disruptions = sum(row["sequence"] == "disruption" for row in REVIEWS)
    assert len(REVIEWED) + disruptions == len(REVIEWS)
    assert len(BY_CHILD) == len({row["person_id"] for row in CHILDREN})


def test_children_reviewed_by_month_are_the_published_ones() -> None:
    assert Counter(row["held_on"][:7] for row in of_tracks(RETURNED_TRACKS)) == published.children_reviewed_by_month()
    assert sum(map(in_second_year, of_tracks(RETURNED_TRACKS))) == 1914


def test_meetings_by_month_are_the_published_ones() -> None:
    counted = Counter(held[:7] for _, held in {(row["meeting"], row["held_on"]) for row in of_tracks(RETURNED_TRACKS)})
    assert counted == published.reviews_by_month()
    assert sum(count for month, count in counted.items() if month >= "2019-04") == 1620


def test_short_break_meetings_by_month_are_the_published_ones() -> None:
    rows = of_tracks(frozenset({Track.SHORT_BREAKS}))
    wanted = {month: count for month, count in published.short_break_meetings_by_month().items() if count}
    assert Counter(row["held_on"][:7] for row in rows) == wanted
    assert len({row["meeting"] for row in rows}) == len(rows)


def test_secure_panels_are_the_published_ones_and_another_chair_sits() -> None:
    rows = [row for row in of_tracks(frozenset({Track.SECURE})) if in_second_year(row)]
    assert len(rows) == prose("secure_accommodation_reviews") == 8
    assert len({row["person_id"] for row in rows}) == prose("secure_accommodation_children") == 5
    in_secure = {
        row["person_id"] for row in CHILDREN if row["placement"] == "K1" and row["episode_starts_on"] >= "2019-04"
    }
    assert in_secure == {row["person_id"] for row in rows}
    for row in of_tracks(frozenset({Track.SECURE})):
        own = BY_CHILD[row["person_id"]][0]["chair_id"]
        assert panel_chair_violation(row["chair_id"], frozenset({own})) is None


def test_remands_are_the_published_ones() -> None:
    remanded = [
        review.row
        for review in REVIEWED
        if in_second_year(review.row) and review.stay.known_on(held_on(review.row)).is_remand()
    ]
    assert len(remanded) == prose("remand_reviews") == 9
    assert len({row["person_id"] for row in remanded}) == prose("remand_children") == 8
    remands = {
        row["person_id"] for row in CHILDREN if row["legal_status"] == "J1" and row["episode_starts_on"] >= "2019-04"
    }
    assert remands == {row["person_id"] for row in remanded}
    assert {row["placement"] for row in CHILDREN if row["legal_status"] == "J1"} == {"R5"}


@pytest.mark.parametrize(("at", "published_as"), [(date(2019, 3, 31), 615), (date(2020, 3, 31), 626)])
def test_as_many_are_looked_after_as_published(at: date, published_as: int) -> None:
    assert looked_after_on(at) == published_as
    days = {at for stays in STAYS.values() for stay in stays for at in (stay.care.starts_on, stay.care.ends_on)}
    assert at not in days


def test_every_review_of_the_second_year_was_in_time() -> None:
    assert late(*SECOND_YEAR) == []


def test_who_was_returned_by_adopters_was_reviewed_from_28_to_42_days_after() -> None:
    returned = [stay for found in CHAINS for stay in [found.stay] if stay.care.returned_by_adopters_on()]
    assert returned
    for stay in returned:
        back = stay.care.returned_by_adopters_on()
        assert back is not None
        days = [held_on(row) for row in REVIEWS_OF[stay.person_id] if not row["sequence"]]
        assert any(28 <= (day - back).days <= 42 for day in days)


def test_a_few_reviews_of_the_first_year_were_late() -> None:
    found = late(date(2018, 4, 1), date(2019, 3, 31))
    assert 0.01 <= len(found) / 1872 <= 0.02
    assert {review.due.track for review in found} == {Track.CARE}


def test_no_review_was_missed_before_another_clock_began_or_care_ended() -> None:
    assert [chain.lapsed for chain in CHAINS if chain.lapsed] == []


def test_reviews_are_within_care_on_working_days_and_before_adulthood() -> None:
    for row in REVIEWS:
        at = held_on(row)
        stays = STAYS[row["person_id"]]
        assert is_working_day(at)
        assert is_within_care([stay.care for stay in stays], at)
        assert at < add_months(stays[0].born_on, 18 * 12)


def test_only_a_handful_is_overdue_at_the_demos_present_day() -> None:
    due = [review.due_on for found in CHAINS for review in found.still_due]
    assert len([due_on for due_on in due if due_on < AS_OF]) in range(5, 11)
    assert all(date(2020, 4, 1) <= due_on <= add_months(AS_OF, 6) for due_on in due)
    main = [review for found in CHAINS for review in found.still_due if review.track in MAIN_TRACKS]
    assert len(main) == sum(not found.stay.care.ends_on for found in CHAINS)


def test_reviews_of_a_stay_are_weeks_apart() -> None:
    for found in CHAINS:
        days = [held_on(review.row) for review in found.reviewed if TRACKS[review.due.kind] in MAIN_TRACKS]
        assert all((later - earlier).days >= 11 for earlier, later in pairwise(days))


def test_children_of_a_meeting_are_siblings_with_one_chair() -> None:
    for _, group in groupby(REVIEWS, key=lambda row: row["meeting"]):
        rows = list(group)
        for row in rows:
            child = BY_CHILD[row["person_id"]][0]
            others = {other["person_id"] for other in rows} - {row["person_id"]}
            assert others <= set(child["siblings"].split(";"))
            assert row["sequence"] == "secure" or row["chair_id"] == child["chair_id"]
            assert (row["held_on"], row["mode"]) == (rows[0]["held_on"], rows[0]["mode"])
    keys = [key for key, _ in groupby(REVIEWS, key=lambda row: row["meeting"])]
    assert len(keys) == len(set(keys)) and keys == sorted(keys)


def test_siblings_name_each_other_and_share_a_chair() -> None:
    for key, rows in BY_CHILD.items():
        for other in filter(None, rows[0]["siblings"].split(";")):
            sibling = BY_CHILD[other][0]
            assert key in sibling["siblings"].split(";")
            assert sibling["chair_id"] == rows[0]["chair_id"]


def test_chairs_are_of_the_area_and_a_mothers_is_not_her_babys() -> None:
    areas = {row["id"]: row["area_id"] for row in read("directory/colleagues")}
    mothers = 0
    for rows in BY_CHILD.values():
        child = rows[0]
        assert areas[child["chair_id"]] == child["area_id"]
        mother = child["mother_person_id"]
        mothers += bool(mother)
        chair = BY_CHILD[mother][0]["chair_id"] if mother else None
        assert chair_violation(child["chair_id"], Standing(child["manager_id"], None, chair, frozenset())) is None
    assert mothers == 1


def test_a_chair_is_allocated_within_five_working_days_or_with_the_first_chairs() -> None:
    first_chairs = min(row["starts_on"] for row in read("directory/colleagues"))
    for row in CHILDREN:
        starts_on, since = BY_CHILD[row["person_id"]][0]["period_starts_on"], date.fromisoformat(row["chair_from"])
        began = date.fromisoformat(starts_on)
        assert since == date.fromisoformat(first_chairs) or 1 <= working_days_between(began, since) <= 5


def test_periods_of_care_are_possible_and_end_at_eighteen() -> None:
    for stays in STAYS.values():
        assert periods_violation([stay.care for stay in stays], stays[0].born_on, AS_OF) is None
        adult_on = add_months(stays[0].born_on, 18 * 12)
        assert adult_on > AS_OF or (stays[-1].care.ends_on and stays[-1].care.ends_on <= adult_on)
        assert all(day < later for stay in stays for day, later in pairwise([x.starts_on for x in stay.care.episodes]))


def test_participation_fits_age_and_attendance_and_all_took_part_in_the_second_year() -> None:
    for row in REVIEWS:
        born_on = STAYS[row["person_id"]][0].born_on
        code = Participation(row["participation"])
        assert code_violation(born_on, held_on(row), code, attended=row["attended"] == "true") is None
    old_enough = [row for row in REVIEWS if row["participation"] != "PN0"]
    part = {
        year: [Participation(row["participation"]) in PARTICIPATED for row in old_enough if in_second_year(row) == year]
        for year in (False, True)
    }
    assert all(part[True])
    assert 0.9 < sum(part[False]) / len(part[False]) < 1


def test_early_triggers_are_of_reviews_brought_forward() -> None:
    found = [review for review in REVIEWED if review.row["early_trigger"]]
    assert found
    for review in found:
        assert EarlyTrigger(review.row["early_trigger"])
        assert early_review_violation(review.due.kind, review.due.due_on, held_on(review.row)) is None


def test_paperwork_follows_the_meeting_and_is_mostly_in_time() -> None:
    counts: Counter[str] = Counter()
    for row in REVIEWS:
        days = [day(row[name]) for name in ("held_on", "decisions_on", "record_on", "distributed_on")]
        known = [day for day in days if day]
        assert known == sorted(known) and known[-1] <= AS_OF
        assert days[: len(known)] == known
        assert bool(row["decisions_on"]) == bool(row["manager"])
        assert row["manager"] in {"", "agreed", "objected", "silent"}
        assert Mode(row["mode"]) and NextStep(row["next_step"])
        for name, limit in (("decisions_on", 5), ("record_on", 15), ("distributed_on", 20)):
            at = day(row[name])
            counts[f"{name} open" if at is None else name] += 1
            counts[f"{name} late"] += at is not None and working_days_between(held_on(row), at) > limit
    for name in ("decisions_on", "record_on", "distributed_on"):
        assert 0.01 < counts[f"{name} late"] / counts[name] < 0.12
        assert 0 < counts[f"{name} open"] < 250


def test_nothing_that_is_complete_is_empty_and_what_was_said_fits_the_child() -> None:
    topics = read_by("looked_after/topics", "topic")
    told = read("looked_after/child_reviews")
    said = {(row["meeting"], row["person_id"]): [name for name in row["topics"].split(";") if name] for row in told}
    for row in REVIEWS:
        known = [topics[name] for name in said[row["meeting"], row["person_id"]]]
        assert bool(known) == (row["sequence"] != "secure")
        assert bool(row["decisions"]) == bool(row["decisions_on"] and known)
        assert bool(row.get("record_text")) == bool(row["record_on"] and known)
        assert bool(row.get("distributed_to")) == bool(row["distributed_on"])
        assert bool(row.get("objection")) == (row["manager"] == "objected")
        age = age_on(STAYS[row["person_id"]][0].born_on, held_on(row))
        assert all(int(topic["from_age"]) <= age <= int(topic["to_age"]) for topic in known)
    of_year = Counter(row["record_text"] for row in REVIEWS if in_second_year(row) and row["record_on"])
    assert len(of_year) > 1000 and max(of_year.values()) < 25
    assert len({row["views"] for row in REVIEWS if row.get("views")}) > 500


def test_consultation_is_sent_within_care_and_comes_back_before_the_meeting() -> None:
    for row in REVIEWS:
        sent_on, back_on = day(row["consultation_sent_on"]), day(row["consultation_returned_on"])
        age = age_on(STAYS[row["person_id"]][0].born_on, held_on(row))
        assert (sent_on is None) == (age < 4)
        assert sent_on is None or any(stay.care.starts_on < sent_on < held_on(row) for stay in STAYS[row["person_id"]])
        assert back_on is None or (sent_on and sent_on < back_on < held_on(row))


def test_the_last_review_before_care_ends_says_so() -> None:
    ceased = [
        (review.stay.person_id, review.stay.care.ends_on) for review in REVIEWED if review.row["next_step"] == "ceases"
    ]
    assert len(ceased) == len(set(ceased)) and all(ends_on for _, ends_on in ceased)
    ended = [found for found in CHAINS if found.stay.care.ends_on and found.reviewed]
    assert len(ceased) == len(ended)


def test_directors_decisions_are_the_published_ones_and_nobody_left_without() -> None:
    wanted = {month: count for month, count in published.directors_decisions_by_month().items() if count}
    assert Counter(row["decided_on"][:7] for row in DECISIONS) == wanted
    decided = {row["person_id"]: date.fromisoformat(row["decided_on"]) for row in DECISIONS}
    for stay in (stay for stays in STAYS.values() for stay in stays if stay.care.ends_on):
        ends_on = stay.care.ends_on
        assert ends_on
        needed = approval_needed(stay.care, stay.born_on, ends_on) is Approval.DIRECTOR
        assert needed == (stay.person_id in decided)
        if needed:
            assert timedelta(0) <= ends_on - decided[stay.person_id] <= timedelta(days=8)
    assert all(is_working_day(day) for day in decided.values())


def test_there_is_realistic_churn() -> None:
    kinds = defaultdict(set)
    for review in REVIEWED:
        kinds[review.row["held_on"][:7]].add(review.due.kind)
    assert all({ReviewKind.FIRST, ReviewKind.SECOND, ReviewKind.LATER} <= found for found in kinds.values())
    # Whoever was returned by adopters had an ordinary review within the weeks in which that is due.
    assert {review.due.kind for review in REVIEWED} == set(ReviewKind) - {
        ReviewKind.DISRUPTION,
        ReviewKind.ADOPTION_RETURNED,
    }
    orders = {row["person_id"] for row in CHILDREN if row["legal_status"] == "E1"}
    placed = {row["person_id"] for row in CHILDREN if row["placement"] in {"A3", "A4", "A5", "A6"}}
    assert 30 <= len(orders) <= 90 and 24 <= len(placed) <= 80
    ages = Counter(
        min(age_on(stay.born_on, SECOND_YEAR[1]) // 5, 3)
        for found in STAYS.values()
        for stay in found
        if not stay.care.ends_on
    )
    assert all(ages[band] > 80 for band in range(4))
    back = {row["person_id"] for row in CHILDREN if row["placement"] == "U6" and row["legal_status"] == "C2"} & placed
    assert len(back) == 1
    returned = [stays for stays in STAYS.values() if len(stays) > 1]
    assert returned


def test_most_but_not_all_children_were_visited_within_six_months() -> None:
    rows = read("looked_after/visits")
    last = {row["person_id"]: date.fromisoformat(row["happened_on"]) for row in rows}
    now = [key for key, stays in STAYS.items() if stays[-1].care.ends_on is None]
    lately = [key for key in now if key in last and add_months(last[key], 6) >= AS_OF]
    assert 0.8 < len(lately) / len(now) < 0.95
    for row in rows:
        at = date.fromisoformat(row["happened_on"])
        assert is_working_day(at) and date(2018, 4, 3) <= at <= SECOND_YEAR[1]
        assert is_within_care([stay.care for stay in STAYS[row["person_id"]]], at)
        assert row["made_by"] == BY_CHILD[row["person_id"]][0]["chair_id"]
        assert row["seen_alone"] in {"true", "false"}


class Halfway(NamedTuple):
    """A review, when the check halfway to the next was due, when the next was held or care ended, and the checks."""

    reviewed_on: date
    due_on: date
    before: date
    done: list[date]


def halfway(found: Chain, checks: list[date]) -> Iterator[Halfway]:
    held, last = found.stay.earlier(), found.stay.care.ends_on or date.max
    case = [review for review in found.reviewed if TRACKS[review.due.kind] in CASE_TRACKS]
    days = [*(review.held_on for review in held[-1:]), *(held_on(review.row) for review in case)]
    for number, (at, before) in enumerate(pairwise([*days, last])):
        known = held + [Held(review.due.kind, held_on(review.row)) for review in case][: number + 1 - bool(held)]
        due_on = midpoint(at, reviews_due(found.stay.known_on(at), known)[0].due_on)
        yield Halfway(at, due_on, before, [day for day in checks if at < day < before])


def test_checks_halfway_are_of_both_years_and_a_believable_few_are_missing_or_overdue() -> None:
    checks: dict[str, list[date]] = defaultdict(list)
    for row in read("looked_after/midpoint_checks"):
        done_on = date.fromisoformat(row["done_on"])
        assert is_working_day(done_on) and date(2018, 4, 3) <= done_on <= AS_OF
        assert row["done_by"] == BY_CHILD[row["person_id"]][0]["chair_id"]
        checks[row["person_id"]].append(done_on)
    found = [each for chain in CHAINS for each in halfway(chain, checks[chain.stay.person_id])]
    assert sum(len(each.done) for each in found) == sum(map(len, checks.values()))
    assert all(len(each.done) <= 1 for each in found)
    due = [each for each in found if date(2018, 4, 9) <= each.due_on < min(each.before, AS_OF)]
    for year in (2018, 2019):
        of_year = [bool(each.done) for each in due if date(year, 4, 1) <= each.due_on < date(year + 1, 4, 1)]
        assert 0.75 < sum(of_year) / len(of_year) < 0.95
    lately = [not each.done for each in due if each.before == date.max and each.due_on > AS_OF - timedelta(weeks=4)]
    assert 0.05 < sum(lately) / len(lately) < 0.2


def test_feedback_is_of_meetings_that_were_held() -> None:
    rows = read("looked_after/feedback")
    assert len(rows) == 150
    assert {row["meeting"] for row in rows} <= {row["meeting"] for row in REVIEWS}
    assert {row["from_whom"] for row in rows} == {"child", "family", "carer", "professional"}
    assert {row["rating"] for row in rows} == {"red", "amber", "green"}


def test_disruption_meetings_are_as_few_as_expected() -> None:
    rows = [row for row in REVIEWS if row["sequence"] == "disruption" and in_second_year(row)]
    low, high = (prose(f"disruption_expected_{bound}_per_year", "") for bound in ("low", "high"))
    assert low <= len(rows) <= high


def test_disruption_referrals_are_the_published_ones_and_those_accepted_led_to_a_meeting() -> None:
    rows = read("looked_after/disruption_referrals")
    assert len(rows) == prose("disruption_referrals")
    assert len({row["person_id"] for row in rows}) == len(rows)
    for row in rows:
        referred_on, decided_on = date.fromisoformat(row["referred_on"]), date.fromisoformat(row["decided_on"])
        assert SECOND_YEAR[0] <= referred_on <= decided_on <= SECOND_YEAR[1]
        assert is_working_day(referred_on) and is_working_day(decided_on)
        assert is_within_care([stay.care for stay in STAYS[row["person_id"]]], decided_on)
        assert bool(row["chair_id"]) != bool(row["declined_because"])
    accepted = {(row["person_id"], row["chair_id"]): row["decided_on"] for row in rows if row["chair_id"]}
    meetings = [row for row in REVIEWS if row["sequence"] == "disruption" and in_second_year(row)]
    held = {(row["person_id"], row["chair_id"]): row["held_on"] for row in meetings}
    assert accepted.keys() == held.keys()
    assert all(accepted[key] < held[key] for key in held)


def test_referrals_to_life_links_are_the_published_ones() -> None:
    rows = read("looked_after/life_links")
    assert len({row["person_id"] for row in rows}) == len(rows) == prose("life_links_referrals")
    assert Counter(row["outcome"] for row in rows) == {
        "declined": prose("life_links_declined"),
        "worked_with": prose("life_links_worked_with"),
        "": prose("life_links_open"),
    }
    for row in rows:
        done_on, stays = date.fromisoformat(row["done_on"]), STAYS[row["person_id"]]
        assert is_working_day(done_on) and SECOND_YEAR[0] <= done_on <= SECOND_YEAR[1]
        assert life_links_on(stays[-1].born_on) <= done_on and is_within_care([stays[-1].care], done_on)
        assert not row["outcome"] or done_on < date.fromisoformat(row["outcome_on"]) <= AS_OF


def test_the_data_is_the_same_each_time() -> None:
    assert looked_after.children() == CHILDREN
    assert looked_after.reviews() == REVIEWS


def test_every_child_has_a_sex_and_an_ethnicity_for_the_return() -> None:
    for row in CHILDREN:
        assert row["sex"] in {"F", "M"}
        assert row["ethnicity"] in {"WBRI", "WOTH", "MWBC", "MOTH", "BAFR", "AOTH", "OOTH"}


def test_reviews_are_planned_on_working_days() -> None:
    days = [date.fromisoformat(row["planned_on"]) for row in read("looked_after/planned_reviews")]
    assert [day for day in days if day <= AS_OF or not is_working_day(day)] == []
