"""The settings of this service, besides those that every service has."""

from datetime import time
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from chassis.base.council import CouncilSettings
from chassis.children.settings import ChildrenSettings
from chassis.process import Process


class NotificationsSettings(CouncilSettings, ChildrenSettings):
    """The settings of the notifications service."""

    chosen_by_others: ClassVar[frozenset[str]] = frozenset({"smtp_password"})

    escalations_url: str = Field(default="http://127.0.0.1:8003", description="The address of the escalations service.")
    reviews_url: str = Field(
        default="http://127.0.0.1:8001",
        description="The address of the reviews service. Empty if there is none; emails leave out reviews.",
    )
    conferences_url: str = Field(
        default="http://127.0.0.1:8002",
        description="The address of the conferences service. Empty if there is none; emails leave out conferences.",
    )
    reports_url: str = Field(
        default="",
        description="The address of the reports service. Empty if there is none; emails leave out what is due there.",
    )
    advocacy_email: str = Field(
        default="",
        description="The advocacy service's address. Empty: the safeguarding team is asked to invite advocates.",
    )
    front_end_url: str = Field(
        default="",
        description="Where the chairs' front end is; links to records begin with it. Empty: the development pages.",
    )
    mail_sender: Literal["smtp", "notify"] = Field(default="smtp", description="`smtp`, or `notify` for GOV.UK Notify.")
    mail_from: str = Field(
        default="chairs@localhost", description="The address that emails come from, under the council's name."
    )
    mail_bounces_to: str = Field(
        default="",
        description="Where delivery-status mails go, tagged with the message's identifier. Empty: MAIL_FROM.",
    )
    mail_connections: int = Field(default=4, ge=1, le=50, description="Connections to the mail server at once.")
    mails_per_second: float = Field(default=20, ge=0, description="Emails sent per second at most; 0: no limit.")
    smtp_host: str = Field(default="127.0.0.1", description="The mail server.")
    smtp_port: int = Field(default=25, description="Its port.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="`starttls`, `tls` from the beginning, or `none`, for the same machine only."
    )
    smtp_username: str = Field(default="", description="The account at the mail server; empty: none.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    notify_url: str = Field(default="https://api.notifications.service.gov.uk", description="Where GOV.UK Notify is.")
    notify_key: SecretStr = Field(default=SecretStr(""), description="The API key of GOV.UK Notify, as it shows it.")
    notify_template_id: str = Field(
        default="", description="The template at GOV.UK Notify whose subject is ((subject)) and whose body is ((body))."
    )
    notify_callback_token: SecretStr = Field(
        default=SecretStr(""), description="The bearer token with which GOV.UK Notify calls back; empty: it does not."
    )
    send_at: time = Field(default=time(8), description="When scheduled emails are sent, in Europe/London.")
    weekly_day: Annotated[int, Field(ge=0, le=4)] = Field(
        default=0, description="The day of the weekly emails, 0 is Monday; on a bank holiday the next working day."
    )
    reminder_days: list[Annotated[int, Field(ge=1, le=60)]] = Field(
        default_factory=lambda: [7, 21], description="Days after the quarterly email on which reminders are sent."
    )
    report_reminder_working_days: int = Field(
        default=3,
        ge=1,
        le=10,
        description="Working days before a conference report is due on which its professional is reminded.",
    )
    core_group_reminder_working_days: int = Field(
        default=3, ge=1, le=10, description="Working days before a core group on which the social worker is reminded."
    )
    repeat_at_least: int = Field(
        default=2,
        ge=2,
        description="Teams with this many escalations in each of two quarters are shown as repeats.",
    )

    allow_private_webhook_addresses: bool = Field(
        default=False,
        description="Development only: outside subscribers may be at private addresses, and need not use https.",
    )

    def missing_in_production(self) -> list[str]:
        """What production cannot do without and was not given."""
        missing = super().missing_in_production()
        if not self.front_end_url:
            missing.append("FRONT_END_URL is needed: the links in emails to chairs lead there.")
        if self.mail_sender == "notify" and not (self.notify_key.get_secret_value() and self.notify_template_id):
            missing.append("NOTIFY_KEY and NOTIFY_TEMPLATE_ID are needed to send by GOV.UK Notify.")
        return missing

    def development_only(self) -> list[str]:
        """What of these settings no production may use."""
        found = super().development_only()
        if self.mail_sender == "smtp" and self.smtp_security == "none" and not self._smtp_is_here:
            found.append("SMTP_SECURITY is none: emails would cross the network readable.")
        if self.mail_sender == "notify" and not self.notify_url.startswith("https://"):
            found.append("NOTIFY_URL is not https: emails would cross the network readable.")
        if self.front_end_url and not self.front_end_url.startswith("https://"):
            found.append("FRONT_END_URL is not https.")
        if self.allow_private_webhook_addresses:
            found.append("ALLOW_PRIVATE_WEBHOOK_ADDRESSES lets webhooks reach the inside of the network.")
        return found

    @property
    def _smtp_is_here(self) -> bool:
        return self.smtp_host in {"127.0.0.1", "::1", "localhost"}

    def url_of(self, source: str) -> str:
        """Where the service is that published an event about links to meetings of its own."""
        return self.reviews_url if source == "reviews" else self.conferences_url

    def page_of(self, reference: str, what: str = "escalations") -> str:
        """The page of an escalation, or of something else, in the chairs' front end, or in development's."""
        front_end = self.front_end_url or f"{self.public_url.rstrip('/')}/development"
        return f"{front_end.rstrip('/')}/{what}/{reference}"


def settings_of(process: Process) -> NotificationsSettings:
    """This service's settings."""
    assert isinstance(process.settings, NotificationsSettings)
    return process.settings
