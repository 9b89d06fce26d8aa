"""A review whose records are written."""

from chassis.base import clock
from tests.support.reviews.office import JSON, Office

RECORD: JSON = {
    "record_text": "Settled with the carers.\n\nReads well.",
    "child_text": "You can stay at your school.",
    "family_views": [{"by": "Mother", "words": "<b>Longer</b> visits, please."}],
}


async def written(office: Office, *person_ids: str, complete: bool = True) -> str:
    """The path of a review whose records are written; of the first child it decided something, of no other."""
    for person_id in person_ids:
        await office.registered(person_id)
    review = await office.planned(*person_ids, planned_time="15:30", mode="hybrid", venue="Hillside School")
    children = [office.outcome(person_id, views="More time with my brother.") for person_id in person_ids]
    held = (await office.hold(review, children=children)).json()
    path, version = f"/v1/reviews/{held['reference']}", held["version"]
    decided: JSON = {
        "decisions": [{"decision": "An eye test.", "owner": "Carers", "due_on": clock.today().isoformat()}]
    }
    for person_id in person_ids:
        part = f"{path}/children/{person_id}/decisions"
        await office.done("POST", part, decided, status=201, version=version)
        version, decided = version + 1, {"none_needed": True}
        part = f"{path}/children/{person_id}/record"
        await office.done("PATCH", part, RECORD, version=version)
        version += 1
        if complete:
            await office.done("POST", f"{part}/complete", {}, version=version)
            version += 1
    return path
