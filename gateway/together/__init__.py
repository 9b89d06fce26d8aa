"""Answers that several services give together, so that no address shows where one of them ends."""

from gateway.together import audit, children, deadlines, diary, feedback, home

ROUTERS = (home.routes, deadlines.routes, diary.routes, children.routes, feedback.routes, audit.routes)
