"""What this service asks of the reports service."""

from chassis.process import Process
from chassis.web.service_clients import Answered, ServiceClient
from services.notifications.settings import settings_of


class QualityDue(Answered):
    """Something that managers are to do about the quality of the work."""

    kind: str
    is_overdue: bool


class Reports(ServiceClient):
    """The reports service; where there is none, nothing is due."""

    def __init__(self, process: Process) -> None:
        super().__init__(process, settings_of(process).reports_url)

    async def quality_due(self) -> list[QualityDue]:
        """What is due within 30 days or overdue: observations, visits to homes, what audits and priorities promised."""
        return await self._all("/internal/quality/due", QualityDue)
