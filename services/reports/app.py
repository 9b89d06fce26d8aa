"""Puts the parts of the reports service together."""

from pathlib import Path

from chassis.service import Service
from services.reports import gauges
from services.reports.columns import Base
from services.reports.events import PUBLISHED
from services.reports.handlers import SUBSCRIPTIONS
from services.reports.jobs import JOBS
from services.reports.routes import ROUTERS
from services.reports.settings import ReportsSettings

service = Service(
    name="reports",
    title="Reports",
    description="What is published about the work, approved before anybody is sent it.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=ReportsSettings,
    routers=ROUTERS,
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    jobs=JOBS,
    gauges=(gauges.refresh,),
    referenced=("report",),
)
