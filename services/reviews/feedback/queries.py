"""Feedback about reviews, rendered by PostgreSQL."""

from chassis.law.deadlines import About
from chassis.meetings.feedback import feedback_rows
from services.reviews.feedback.models import Feedback
from services.reviews.meetings.models import Review

FEEDBACK = feedback_rows(Feedback, Review, About.REVIEW)
