"""Feedback about conferences, rendered by PostgreSQL."""

from chassis.law.deadlines import About
from chassis.meetings.feedback import feedback_rows
from services.conferences.feedback.models import Feedback
from services.conferences.meetings.models import Conference

FEEDBACK = feedback_rows(Feedback, Conference, About.CONFERENCE)
