"""Puts the parts of the conferences service together."""

from pathlib import Path

from chassis.service import Service
from services.conferences import gauges
from services.conferences.columns import Base
from services.conferences.contributions import pages
from services.conferences.events import PUBLISHED
from services.conferences.handlers import SUBSCRIPTIONS
from services.conferences.jobs import JOBS
from services.conferences.records import pages as record_pages
from services.conferences.routes import ROUTERS
from services.conferences.settings import ConferencesSettings

service = Service(
    name="conferences",
    title="Conferences",
    description="Child protection conferences and plans: when each is due, who contributed, and what came of it.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=ConferencesSettings,
    routers=(*ROUTERS, pages.routes, record_pages.routes),
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    jobs=JOBS,
    gauges=(gauges.refresh,),
    referenced=("conference",),
)
