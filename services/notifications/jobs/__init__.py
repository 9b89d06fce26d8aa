"""What this service does by the clock."""

from services.notifications.jobs.clockwork import JOBS as JOBS
from services.notifications.jobs.clockwork import SENDINGS as SENDINGS
from services.notifications.jobs.clockwork import Sending as Sending
