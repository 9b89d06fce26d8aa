"""A chair's diary as a calendar program reads it."""

from typing import Any

from icalendar import Calendar

from tests.support.reviews.office import Office


async def feed(office: Office, subject: str = "chair-1") -> tuple[str, str]:
    """A new address of a chair's diary, as a path, and its identifier."""
    answer = await office.ask("POST", "/v1/diary-feeds", subject=subject)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return "/diary/" + made["url"].rpartition("/diary/")[2], made["id"]


async def events(office: Office, path: str) -> dict[str, Any]:
    """The events of a calendar, by the first word of what they are called."""
    answer = await office.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.text).walk("VEVENT")
    return {str(row["SUMMARY"]).partition(":")[0]: row for row in found}
