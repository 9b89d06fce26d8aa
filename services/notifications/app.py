"""Puts the parts of the notifications service together."""

from pathlib import Path

from chassis.service import Service
from services.notifications.events import PUBLISHED
from services.notifications.handlers import SUBSCRIPTIONS
from services.notifications.mailer import queue
from services.notifications.models import Base
from services.notifications.routes import ROUTERS
from services.notifications.schedules.timetable import JOBS
from services.notifications.settings import NotificationsSettings
from services.notifications.webhooks.sending import OUTSIDE, pass_on

service = Service(
    name="notifications",
    title="Notifications",
    description="The directory, who covers what, every email that is sent, and who outside is told what happens.",
    metadata=Base.metadata,
    migrations=Path(__file__).parent / "migrations",
    settings=NotificationsSettings,
    routers=ROUTERS,
    publishes=PUBLISHED,
    listens=SUBSCRIPTIONS,
    outside=OUTSIDE,
    passes_on=pass_on,
    jobs=JOBS,
    loops={"mailer": queue.send_mail},
    gauges=(queue.refresh_gauges,),
)
