"""Puts the parts of the children service together."""

from pathlib import Path

from chassis.service import Service
from services.children import gauges
from services.children.columns import Base
from services.children.events import PUBLISHED
from services.children.handlers import SUBSCRIPTIONS
from services.children.routes import ROUTERS
from services.children.settings import OwnerSettings

service = Service(
    name="children",
    title="Children",
    description="Who a child is: numbers, names, birth, who works with them, and who may see their record.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=OwnerSettings,
    routers=ROUTERS,
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    gauges=(gauges.refresh,),
)
