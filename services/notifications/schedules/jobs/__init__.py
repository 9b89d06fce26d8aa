"""What this service does by the clock."""

from services.notifications.schedules.jobs.clockwork import JOBS as JOBS
from services.notifications.schedules.jobs.clockwork import SENDINGS as SENDINGS
from services.notifications.schedules.jobs.clockwork import Sending as Sending
