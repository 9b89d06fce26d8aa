"""Answers that several services give together, so that no address shows where one of them ends."""

from gateway.together import audit, chairs, children, deadlines, diary, feedback, home, invitations, search

ROUTERS = (
    home.routes,
    deadlines.routes,
    diary.routes,
    children.routes,
    chairs.routes,
    feedback.routes,
    invitations.routes,
    search.routes,
    audit.routes,
)
