"""Puts the parts of the escalations service together."""

from pathlib import Path

from chassis.service import Service
from services.escalations import gauges, pages
from services.escalations.api import ROUTERS
from services.escalations.events import PUBLISHED
from services.escalations.handlers import SUBSCRIPTIONS
from services.escalations.settings import EscalationsSettings
from services.escalations.tables import Base

service = Service(
    name="escalations",
    title="Escalations",
    description="Formal escalations, positive challenges and good practice; their answers and their figures.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=EscalationsSettings,
    routers=(*ROUTERS, pages.routes),
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    gauges=(gauges.refresh,),
    referenced=("escalation", "challenge", "good_practice"),
)
