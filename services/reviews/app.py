"""Puts the parts of the reviews service together."""

from pathlib import Path

from chassis.service import Service
from services.reviews import gauges
from services.reviews.columns import Base
from services.reviews.events import PUBLISHED
from services.reviews.handlers import SUBSCRIPTIONS
from services.reviews.jobs import JOBS
from services.reviews.records import pages as record_pages
from services.reviews.routes import ROUTERS
from services.reviews.settings import ReviewsSettings

service = Service(
    name="reviews",
    title="Reviews",
    description="Looked-after children's reviews: when each is due, how it was held, and what came of it.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=ReviewsSettings,
    routers=(*ROUTERS, record_pages.routes),
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    jobs=JOBS,
    gauges=(gauges.refresh,),
    referenced=("review", "disruption_referral"),
)
