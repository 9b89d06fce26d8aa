"""The settings of this service, besides those that every service has."""

from pydantic import Field

from chassis.base.council import CouncilSettings
from chassis.children.settings import ChildrenSettings
from chassis.figures.asking import FiguresSettings
from chassis.papers.directory import DirectorySettings
from chassis.papers.distribution import PaperSettings
from chassis.process import Process
from services.conferences.rules.timescales import USUAL, Practice


class ConferencesSettings(CouncilSettings, FiguresSettings, ChildrenSettings, DirectorySettings, PaperSettings):
    """The settings of the conferences service; what practice varies in has the usual value unless it is set."""

    participation_age: int = Field(
        default=4, ge=0, le=17, description="The age from which figures report how children took part, unless asked."
    )
    due_soon_days: int = Field(
        default=14, ge=1, le=60, description="How many days ahead a chair's weekly reminder looks for what is due."
    )
    transfer_in_working_days: int = Field(
        default=USUAL.transfer_in,
        ge=1,
        le=60,
        description="Working days from the notification to a transfer-in conference.",
    )
    report_before_initial_working_days: int = Field(
        default=USUAL.report_before_initial,
        ge=0,
        le=20,
        description="Working days before an initial conference by which reports come.",
    )
    report_before_review_working_days: int = Field(
        default=USUAL.report_before_review,
        ge=0,
        le=20,
        description="Working days before a review conference by which reports come.",
    )
    outline_plan_working_days: int = Field(
        default=USUAL.outline_plan,
        ge=1,
        le=20,
        description="Working days after the conference until the outline plan is out.",
    )
    record_working_days: int = Field(
        default=USUAL.record, ge=1, le=60, description="Working days after the conference until the record is complete."
    )
    preparation_check_working_days: int = Field(
        default=USUAL.preparation_check,
        ge=1,
        le=20,
        description="Working days before a review conference by which it is prepared.",
    )
    quorum_other_agencies: int = Field(
        default=USUAL.quorum_other_agencies, ge=1, le=10, description="Agencies besides social care for a quorum."
    )
    health_is_one_agency: bool = Field(
        default=USUAL.health_is_one_agency, description="Whether all of health counts as one agency for the quorum."
    )
    social_care_roles: list[str] = Field(
        default=sorted(USUAL.social_care_roles), description="Roles of the directory that are children's social care."
    )
    names_on_invitations: bool = Field(
        default=False,
        description="Whether invited professionals are shown the children's names, after a code sent to their address.",
    )
    health_roles: list[str] = Field(
        default=sorted(USUAL.health_roles), description="Roles of the directory that belong to health."
    )

    def practice(self) -> Practice:
        """What varies from council to council, as the rules take it."""
        return Practice(
            transfer_in=self.transfer_in_working_days,
            report_before_initial=self.report_before_initial_working_days,
            report_before_review=self.report_before_review_working_days,
            outline_plan=self.outline_plan_working_days,
            record=self.record_working_days,
            preparation_check=self.preparation_check_working_days,
            quorum_other_agencies=self.quorum_other_agencies,
            health_is_one_agency=self.health_is_one_agency,
            social_care_roles=frozenset(self.social_care_roles),
            health_roles=frozenset(self.health_roles),
        )


def settings_of(process: Process) -> ConferencesSettings:
    """The settings of this service's process."""
    assert isinstance(process.settings, ConferencesSettings)
    return process.settings
