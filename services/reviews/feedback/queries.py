"""Feedback about reviews, rendered by PostgreSQL."""

from chassis.meetings.feedback import feedback_about
from services.reviews.feedback.models import Feedback
from services.reviews.meetings.models import Review

FEEDBACK = feedback_about(Feedback, Review)
