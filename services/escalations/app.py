"""Puts the parts of the escalations service together."""

from pathlib import Path

from chassis.service import Service
from services.escalations import gauges
from services.escalations.answers import pages
from services.escalations.events import PUBLISHED
from services.escalations.handlers import SUBSCRIPTIONS
from services.escalations.models import Base
from services.escalations.routes import ROUTERS
from services.escalations.settings import EscalationsSettings

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
