"""An enquiry without a recorded strategy discussion is counted from its start, and due like any other."""

import sqlalchemy as sa
from alembic import op

from chassis.law.working_days import add_working_days

revision = "0005"
down_revision = "0004"
# Working Together to Safeguard Children, at the time of this migration.
WORKING_DAYS = 15


def upgrade() -> None:
    """Give the enquiries that had none the day from which their conference is counted, and its last day."""
    connection = op.get_bind()
    days = "SELECT DISTINCT started_on FROM conference_request WHERE event_on IS NULL"
    counted = sa.text(
        "UPDATE conference_request SET event_on = started_on, due_on = :due_on, version = version + 1"
        " WHERE event_on IS NULL AND started_on = :started_on"
    )
    for (started_on,) in connection.execute(sa.text(days)).all():
        given = {"started_on": started_on, "due_on": add_working_days(started_on, WORKING_DAYS)}
        connection.execute(counted, given)
