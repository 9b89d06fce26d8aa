"""Feedback about conferences, rendered by PostgreSQL."""

from chassis.meetings.feedback import feedback_about
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import Conference

FEEDBACK = feedback_about(Feedback, Conference)
