"""The record of a conference, written step by step."""

from typing import Any

from tests.support.conferences.desk import JSON, Desk

RECORD: JSON = {
    "past_harm": ["Left alone overnight."],
    "future_danger": ["Left alone again."],
    "working_well": ["Goes to school each day."],
    "safety_goals": ["An adult is there each night."],
    "next_steps": [{"step": "Family meeting", "owner": "social worker", "due_on": None}],
    "safety_scores": [{"by": "Mother", "score": 4}, {"by": "Chair", "score": 3}],
}


async def step(desk: Desk, conference: JSON, path: str, body: Any = None, **options: Any) -> JSON:
    """The conference after a step that is sure to be taken."""
    method = "PATCH" if path == "record" else "POST"
    reference, version = conference["reference"], conference["version"]
    address = f"/v1/conferences/{reference}/{path}"
    return dict(await desk.done(method, address, body or {}, version=version, **options))
