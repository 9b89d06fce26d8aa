"""A child who is found, as the owner answers and the gateway passes it on."""

from datetime import date

from pydantic import BaseModel, Field


class FoundChildOut(BaseModel):
    """A child who was found, with what tells children of one name apart."""

    person_id: str
    given_name: str | None
    family_name: str | None
    born_on: date | None
    expected_on: date | None
    area_id: str
    team: str | None
    social_worker: str | None
    restricted: bool
    merged_into: str | None = Field(description="The person number that this one was merged into.")
