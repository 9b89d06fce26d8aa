"""The weekly emails list what is due for children beside escalations, in one email, and only when both could be asked."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import Response

from chassis.access.callers import Role
from chassis.base import clock
from chassis.law.periods import PeriodKind, period_of
from services.notifications.emails import weekly
from tests.support.notifications.contexts import item
from tests.support.notifications.other_services import (
    Notifications,
    conference_due,
    due,
    in_days,
    running_notifications,
)
from tests.support.running import Running
from tests.support.serving import free_port

REMINDER, REPORT = "send_weekly_reminder", "send_weekly_report"
MANAGERS = ["manager-1", "manager-2", "safe-1"]


@pytest.fixture
async def notifications(running: Running) -> AsyncIterator[Notifications]:
    async with running_notifications(running) as notifications:
        yield notifications


async def run(notifications: Notifications, name: str, way: str = "run") -> Any:
    period = period_of(PeriodKind.WEEK, clock.today()).label
    return await notifications.ask("POST", f"/v1/messages/schedules/{name}/{way}", {"period": period})


def escalation(owner: str) -> dict[str, Any]:
    """An open escalation as the escalations service answers it."""
    return item(1, owner_id=owner, raised_on=in_days(-9), stage_due_on=in_days(2)).model_dump(mode="json")


async def test_each_chair_has_one_email_with_what_there_is_overdue_first(notifications: Notifications) -> None:
    notifications.others.open = [escalation("chair-1")]
    notifications.others.digest = [
        due("P3", 4),
        due("P1", -1),
        due("P2", -8, kind="visit"),
        due("P4", 1, chair_id="chair-2"),
    ]
    assert (await run(notifications, REMINDER)).json()["outcome"] == {"recipients": 2, "queued": 2}
    first, second = await notifications.messages()
    assert (first["recipient_id"], second["recipient_id"]) == ("chair-1", "chair-2")
    assert "ESC-1, 9 days old" in first["text"]
    shown = [line.partition(":")[0] for line in first["text"].split("\n") if line.startswith("P")]
    assert shown == ["P1", "P2", "P3"], "what became overdue since last week, what was overdue before, what is due soon"
    assert "Visit the child: 1 overdue\nP2: 8 days overdue" in first["text"].replace("\n\n", "\n")
    assert "/children/P1" in first["html"]
    assert second["subject"] == "Due for your children: 1"
    assert "P1" not in second["text"]
    assert (await run(notifications, REMINDER)).json()["outcome"]["queued"] == 0


async def test_what_is_overdue_stands_beside_the_number_of_last_weeks_email(notifications: Notifications) -> None:
    notifications.others.digest = [due("P1", -1), due("P2", -2), due("P3", -1, kind="visit")]
    assert (await run(notifications, REMINDER)).status_code == 200
    assert "a week ago" not in (await notifications.messages())[0]["text"]
    notifications.others.digest = [due("P1", -1), due("P4", 6, kind="visit", chair_id="chair-2"), due("P5", 5)]
    with clock.shifted(timedelta(days=7)):
        assert (await run(notifications, REMINDER)).json()["outcome"] == {"recipients": 2, "queued": 2}
    _, first, second = await notifications.messages()
    assert "Second review: 2 overdue, 1 new since last week, a week ago 2" in first["text"]
    assert "Visit the child: 1 overdue, 1 new since last week\n" in second["text"], "no email a week ago"


async def test_chairs_and_managers_are_told_of_as_much_that_is_overdue(notifications: Notifications) -> None:
    notifications.others.digest = [
        due(f"P{number}", number - 6, kind=kind, chair_id=chair)
        for number, (kind, chair) in enumerate(
            (kind, chair) for kind in ("review", "visit", "record") for chair in ("chair-1", "chair-2", "chair-2")
        )
    ]
    notifications.others.conference_digest = [
        conference_due("P8", -5, chair_id=chair, kind=kind, subject=kind, proposals=int(kind == "proposals"))
        for kind in ("core_group", "record", "proposals")
        for chair in ("chair-1", "chair-2")
    ]
    process, week = notifications.client.process, period_of(PeriodKind.WEEK, clock.today()).label
    reminders = await weekly.compose_reminder(process, week, clock.now())
    report = (await weekly.compose_report(process, week, clock.now()))[0].context
    of_chairs: Counter[str] = Counter()
    for draft in reminders:
        of_chairs.update({kind["name"]: kind["count"] for kind in draft.context["overdue_kinds"]})
        of_chairs["Decide on proposed escalations"] += sum(row["days_left"] < 0 for row in draft.context["proposed"])
    of_managers: Counter[str] = Counter()
    for row in [*report["by_deadline"], *report["by_conference_deadline"]]:
        of_managers[row["name"]] += row["now"]
    assert of_chairs == of_managers
    assert of_chairs.total() == 12


async def test_chairs_and_managers_are_told_the_same_of_the_week_before(notifications: Notifications) -> None:
    others = notifications.others
    others.digest = [
        *(due(f"P{number}", -1, chair_id=f"chair-{1 + number % 2}") for number in range(5)),
        due("P6", -2, kind="record", subject="record"),
        due("P7", -2, kind="visit"),
    ]
    others.conference_digest = [conference_due("P8", -5, kind="record", subject="record", chair_id="chair-2")]
    for name in (REMINDER, REPORT):
        assert (await run(notifications, name)).status_code == 200
    assert "a week ago" not in (await notifications.messages())[-1]["text"].partition("OVERDUE FOR LOOKED-AFTER")[2]
    others.digest = [*others.digest[2:-1], due("P9", -1, chair_id="chair-2")]
    with clock.shifted(timedelta(days=7)):
        week = period_of(PeriodKind.WEEK, clock.today()).label
        process = notifications.client.process
        reminders = await weekly.compose_reminder(process, week, clock.now())
        report = (await weekly.compose_report(process, week, clock.now()))[0]
    tables = {table: report.context[table] for table in ("by_deadline", "by_conference_deadline")}
    assert [(row["name"], row["now"], row["before"]) for rows in tables.values() for row in rows] == [
        ("Second review", 4, 5),
        ("Complete the record", 1, 1),
        ("Visit the child", 0, 1),
        ("Complete the record", 1, 1),
    ]
    of_chairs: Counter[str] = Counter()
    for draft in reminders:
        of_chairs.update({kind["name"]: kind["before"] for kind in draft.context["overdue_kinds"]})
    of_managers: Counter[str] = Counter()
    for row in [row for rows in tables.values() for row in rows if row["now"]]:
        of_managers[row["name"]] += row["before"]
    assert of_chairs == of_managers
    assert "Visit the child: 0 overdue, a week ago 1" in report.words(process).text


@pytest.mark.parametrize("name", [REMINDER, REPORT])
@pytest.mark.parametrize(
    "failing", [lambda: Response(status_code=500), lambda: Response('[{"kind": "review"}]', media_type="text/json")]
)
async def test_while_the_digest_cannot_be_had_nobody_is_claimed_and_it_is_said(
    notifications: Notifications, name: str, failing: Any
) -> None:
    notifications.others.open, notifications.others.digest = [escalation("chair-1")], [due(days=-1)]
    notifications.others.failing = failing
    for way in ("preview", "run"):
        assert (await run(notifications, name, way)).status_code == 503
    assert await notifications.kept() == [0, 0, 0]
    listed = {row["name"]: row for row in (await notifications.ask("GET", "/v1/messages/schedules")).json()}
    assert listed[name]["last_run"]["outcome"] == {"failed": "ServiceOutOfReach"}
    notifications.others.failing = None
    assert (await run(notifications, name)).json()["outcome"]["queued"] == (1 if name == REMINDER else 3)


async def test_the_report_counts_what_is_overdue_by_kind_and_children_without_a_chair(
    notifications: Notifications,
) -> None:
    notifications.others.digest = [
        due("P1", -1),
        due("P2", -2),
        due("P2", -2, kind="record", subject="record"),
        due("P3", -3, kind="allocation", subject="allocation", chair_id=None),
        due("P4", 3),
    ]
    assert (await run(notifications, REPORT)).json()["outcome"] == {"recipients": 3, "queued": 3}
    assert await notifications.recipients() == MANAGERS
    report = (await notifications.messages())[0]
    assert report["subject"] == "Overdue for looked-after children: 4"
    assert "1 child has had no chair for more than 5 working days" in report["text"]
    for line in ("Second review: 2 overdue", "Complete the record: 1 overdue", "Allocate a chair: 1 overdue"):
        assert f"\n{line}\n" in report["text"]
    assert not [number for number in ("P1", "P2", "P3", "P4") if number in report["text"]]


async def test_children_whose_chair_left_are_reported_although_nothing_is_overdue(notifications: Notifications) -> None:
    await notifications.leave("chair-1")
    notifications.others.digest = [due("P1", 3), due("P2", 4)]
    assert (await run(notifications, REMINDER)).json()["outcome"] == {"recipients": 0, "queued": 0}
    assert (await run(notifications, REPORT)).json()["outcome"]["queued"] == 3
    assert "2 children have a chair who left: please hand them over." in (await notifications.messages())[0]["text"]


async def test_when_there_is_nothing_to_see_to_nothing_is_sent(notifications: Notifications) -> None:
    notifications.others.digest = [due(days=3)]
    assert (await run(notifications, REPORT)).json()["outcome"] == {"recipients": 0, "queued": 0}


async def test_one_email_has_what_is_due_in_reviews_and_conferences_and_proposals_stand_first(
    notifications: Notifications,
) -> None:
    notifications.others.open = [escalation("chair-1")]
    notifications.others.digest = [due("P3", 4), due("P1", -1)]
    notifications.others.conference_digest = [
        conference_due("P5", 2, kind="conference", subject="first_review", conference_reference=None),
        conference_due("P6", -2, children=3, conference_reference="CONF-6"),
        conference_due("P7", -3, kind="record", subject="record", conference_reference="CONF-7"),
        conference_due("P8", -5, kind="proposals", subject="proposals", conference_reference="CONF-8", proposals=2),
        conference_due("P9", 0, kind="proposals", subject="proposals", conference_reference="CONF-9", proposals=1),
        conference_due("P4", 1, chair_id="chair-2"),
    ]
    assert (await run(notifications, REMINDER)).json()["outcome"] == {"recipients": 2, "queued": 2}
    first, second = await notifications.messages()
    assert first["subject"] == (
        "Escalations to decide on: 3; your open escalations: 1, the oldest 9 days old; due for your children: 5"
    )
    lines = first["text"].split("\n")
    assert lines[2] == "Proposed escalations to decide on: 3"
    shown = [line for line in lines if line.startswith(("P", "CONF"))][2:]
    assert shown == [
        "CONF-8: 2 proposed, closed 5 days ago",
        "CONF-9: 1 proposed",
        "CONF-7: 3 days overdue",
        "CONF-6: 2 days overdue",
        "P1: 1 day overdue",
        "P5: First review conference, 2 days left",
        "P3: Second review, 4 days left",
    ]
    assert lines.index("Your open escalations: 1") > lines.index("CONF-9: 1 proposed")
    assert "/conferences/CONF-6" in first["html"]
    assert "/children/P5" in first["html"]
    assert second["subject"] == "Due for your children: 1"
    assert (await run(notifications, REMINDER)).json()["outcome"]["queued"] == 0


async def test_the_report_counts_what_is_overdue_for_conferences_apart(notifications: Notifications) -> None:
    notifications.others.digest = [due("P1", -1)]
    notifications.others.conference_digest = [
        conference_due("P5", -2, children=3),
        conference_due("P6", -1),
        conference_due("P7", -3, kind="record", subject="record"),
        conference_due("P8", 3),
    ]
    assert (await run(notifications, REPORT)).json()["outcome"] == {"recipients": 3, "queued": 3}
    report = (await notifications.messages())[0]
    assert report["subject"] == "Overdue for looked-after children: 1; overdue for conferences and plans: 3"
    (of_children, of_conferences) = report["text"].split("OVERDUE FOR CONFERENCES AND PLANS")
    assert "Second review: 1 overdue\n" in of_children
    assert "\nCore group: 2 overdue\nComplete the record: 1 overdue\n" in of_conferences
    assert not [number for number in ("P1", "P5", "P6", "P7") if number in report["text"].split()]


async def test_chairs_who_left_and_professionals_without_an_address_are_reported_although_nothing_is_overdue(
    notifications: Notifications,
) -> None:
    await notifications.leave("chair-1")
    notifications.others.conference_digest = [conference_due("P1", 3), conference_due("P2", 4)]
    for number in (1, 2):
        notifications.others.invited(number, email=None, reference=f"CONF-{number}")
    notifications.others.invited(3)
    assert (await run(notifications, REPORT)).json()["outcome"]["queued"] == 3
    text = (await notifications.messages())[0]["text"]
    assert "- 1 chair who left still has conferences or plans: please hand them over." in text
    assert (
        "- 2 invited professionals have no email address: please find it, or ask them by other means (CONF-1, CONF-2)."
        in text
    )
    assert "Planted" not in text


async def test_managers_are_told_what_is_due_of_the_quality_of_the_work(notifications: Notifications) -> None:
    kinds = ["observation", "observation", "home_visit", "audit_outcome"]
    notifications.others.quality = [{"kind": kind, "is_overdue": False} for kind in kinds]
    assert (await run(notifications, REPORT)).json()["outcome"]["queued"] == 3
    text = (await notifications.messages())[0]["text"]
    assert "- 2 chairs are to be observed: due within 30 days or overdue." in text
    assert "- 1 visit to a home is due within 30 days or overdue." in text
    assert "- 1 audit awaits an outcome due within 30 days or overdue." in text


async def test_emails_that_reached_nobody_are_reported_although_nothing_is_open(notifications: Notifications) -> None:
    rows = notifications.client.process.database.statements.rows
    notifications.others.open = [escalation("chair-1")]
    await run(notifications, REMINDER)
    assert (await run(notifications, REPORT, "preview")).json() != []
    notifications.others.open = []
    assert (await run(notifications, REPORT, "preview")).json() == []
    for state, words in (
        ("failed", "1 email of the last week could not be sent: see the message log."),
        ("bounced", "1 email of the last week came back: please find the right address."),
        ("suppressed", "1 email of the last week went to nobody, as the address is suppressed: please find another."),
    ):
        await rows("UPDATE message SET state = $1, due_at = NULL", state)
        assert f"- {words}" in (await run(notifications, REPORT, "preview")).json()[0]["text"]
    await rows("UPDATE message SET queued_at = queued_at - interval '8 days'")
    assert (await run(notifications, REPORT, "preview")).json() == []


async def test_many_conferences_of_professionals_without_an_address_are_named_in_part(
    notifications: Notifications,
) -> None:
    for number in range(1, 8):
        notifications.others.invited(number, email=None, reference=f"CONF-{number}")
    await run(notifications, REPORT)
    assert "(CONF-1, CONF-2, CONF-3, CONF-4, CONF-5 and more)" in (await notifications.messages())[0]["text"]


@pytest.mark.parametrize("name", [REMINDER, REPORT])
async def test_while_conferences_alone_are_down_no_weekly_email_is_sent_by_halves(running: Running, name: str) -> None:
    async with running_notifications(running, conferences_url=f"http://127.0.0.1:{free_port()}") as notifications:
        notifications.others.open, notifications.others.digest = [escalation("chair-1")], [due(days=-1)]
        for way in ("preview", "run"):
            assert (await run(notifications, name, way)).status_code == 503
        assert await notifications.kept() == [0, 0, 0]


async def test_without_other_services_only_escalations_are_listed(running: Running) -> None:
    async with running_notifications(running, reviews_url="", conferences_url="") as notifications:
        notifications.others.open, notifications.others.digest = [escalation("chair-1")], [due()]
        assert (await run(notifications, REMINDER)).json()["outcome"]["queued"] == 1
        (mail,) = await notifications.messages()
        assert "Due for" not in mail["text"]
        assert notifications.others.asked == ["/internal/escalations/open"] * 2, (
            "as it is now, and as it was a week ago"
        )


async def test_business_support_of_an_area_is_told_once_a_week_what_was_sent_back(notifications: Notifications) -> None:
    headers = notifications.client.as_(Role.ADMINISTRATOR)
    for area in ("north", "south", "east"):
        answer = await notifications.client.put(f"/v1/areas/{area}", json={"name": area.title()}, headers=headers)
        assert answer.status_code == 201, answer.text
    for who, area in (("support-1", "north"), ("support-2", "south"), ("chair-3", "north")):
        positions = ["business_support", *(["chair"] if who == "chair-3" else [])]
        await notifications.person(who, positions=positions, area_id=area)
    notifications.others.open = [
        item(number, area_id=area, owner_id="chair-3", returned_on=returned, raised_on=in_days(-9)).model_dump(
            mode="json"
        )
        for number, area, returned in ((1, "north", in_days(-2)), (2, "north", None), (3, "east", in_days(-1)))
    ]
    assert (await run(notifications, REMINDER)).json()["outcome"] == {"recipients": 4, "queued": 4}
    mails = {(row["recipient_id"], row["template"]): row for row in await notifications.messages()}
    assert {who: mails[who]["subject"].partition(": ")[2] for who in mails if who[1] == "to_route"} == {
        ("chair-3", "to_route"): "2 escalations to route",
        ("support-1", "to_route"): "2 escalations to route",
        ("support-2", "to_route"): "1 escalation to route",
    }
    text = mails["support-1", "to_route"]["text"]
    assert text.index("/escalations/ESC-1") < text.index("/escalations/ESC-3")
    assert "ESC-2" not in text
    assert (await run(notifications, REMINDER)).json()["outcome"]["queued"] == 0
