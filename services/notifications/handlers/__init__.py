"""What this service does when others publish events."""

from chassis.access import visibility
from chassis.children.merging import following_merges
from services.notifications.handlers import (
    codes,
    conference_follow_up,
    conferences,
    escalations,
    handovers,
    papers,
    reports,
    reviews,
)
from services.notifications.messages.models import Message
from services.notifications.models import MovedByMerge

SUBSCRIPTIONS = (
    *escalations.SUBSCRIPTIONS,
    *reviews.SUBSCRIPTIONS,
    *conferences.SUBSCRIPTIONS,
    *conference_follow_up.SUBSCRIPTIONS,
    *handovers.SUBSCRIPTIONS,
    *reports.SUBSCRIPTIONS,
    *codes.SUBSCRIPTIONS,
    *papers.SUBSCRIPTIONS,
    visibility.BY_REVIEWS,
    visibility.BY_CONFERENCES,
    visibility.BY_CHILDREN,
    *following_merges(MovedByMerge, Message),
)
