"""The settings of this service, besides those that every service has."""

from typing import Annotated

from pydantic import BaseModel, Field

from chassis.base.council import CouncilSettings
from chassis.children.settings import ChildrenSettings
from chassis.figures.asking import FiguresSettings
from chassis.papers.directory import DirectorySettings
from chassis.process import Process
from services.escalations import rules
from services.escalations.rules import Kind, Stage


class StageSetting(BaseModel):
    """One stage of an escalation."""

    name: str
    working_days: int = Field(ge=1, le=rules.WHOLE_WORKING_DAYS)


def _as_settings(stages: tuple[Stage, ...]) -> list[StageSetting]:
    return [StageSetting(name=stage.name, working_days=stage.working_days) for stage in stages]


class EscalationsSettings(CouncilSettings, FiguresSettings, ChildrenSettings, DirectorySettings):
    """The settings of the escalations service."""

    care_planning_stages: Annotated[list[StageSetting], Field(min_length=1)] = Field(
        default_factory=lambda: _as_settings(rules.CARE_PLANNING_STAGES),
        description="The stages of a care-planning escalation, lowest first: a JSON list of {name, working_days}.",
    )
    conference_stages: Annotated[list[StageSetting], Field(min_length=1)] = Field(
        default_factory=lambda: _as_settings(rules.CONFERENCE_STAGES),
        description="The same for escalations about a conference.",
    )
    conferences_url: str = Field(
        default="http://127.0.0.1:8002",
        description="The address of the conferences service. Empty if there is none.",
    )

    def stages(self, kind: Kind) -> tuple[Stage, ...]:
        """The stages of one kind of escalation, lowest first."""
        chosen = self.care_planning_stages if kind is Kind.CARE_PLANNING else self.conference_stages
        return tuple(Stage(stage.name, stage.working_days) for stage in chosen)


def settings_of(process: Process) -> EscalationsSettings:
    """This service's settings."""
    assert isinstance(process.settings, EscalationsSettings)
    return process.settings
