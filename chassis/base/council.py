"""The council as its emails, pages and papers name it: an organisation to trust, and somebody to ask."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from chassis.base.settings import Settings

OneLine = Annotated[str, Field(pattern=r"^[^\r\n]*$")]


@dataclass(frozen=True)
class Council:
    """The council whose service this is."""

    name: str
    identity_line: str
    questions_email: str
    telephone: str

    @property
    def contact(self) -> str:
        """Where people ask: the address, the telephone or both."""
        return " or ".join(filter(None, (self.questions_email, self.telephone)))


class CouncilSettings(Settings):
    """The settings of a process that writes to people, or shows pages to them."""

    council_name: OneLine = Field(
        default="", description="The council's name, as emails and pages say it: Northshire County Council."
    )
    council_identity_line: OneLine = Field(
        default="Independent Chairs' service", description="The part of the council, which stands below its name."
    )
    council_questions_email: str = Field(
        default="", pattern=r"^([^\s<>@]+@[^\s<>@]+)?$", description="The address for questions and for replies."
    )
    council_telephone: OneLine = Field(default="", description="The telephone number for questions.")

    @property
    def council(self) -> Council:
        """The council, for templates."""
        return Council(
            self.council_name, self.council_identity_line, self.council_questions_email, self.council_telephone
        )

    def missing_in_production(self) -> list[str]:
        """What production cannot do without and was not given."""
        required = ("council_name", "council_identity_line", "council_questions_email", "council_telephone")
        return super().missing_in_production() + [
            f"{name.upper()} is not set: emails and pages say whose they are."
            for name in required
            if not getattr(self, name)
        ]


def council_of(settings: Settings) -> Council:
    """The council in the settings of a process that writes to people, or shows pages to them."""
    assert isinstance(settings, CouncilSettings)
    return settings.council
