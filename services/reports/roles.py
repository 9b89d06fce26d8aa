"""Who may do what here."""

from chassis.access.callers import Role

# They make a report, write it and review it.
AUTHORS = (Role.TEAM_MANAGER, Role.PERFORMANCE_ANALYST)
# They write sections of it.
WRITERS = (*AUTHORS, Role.BUSINESS_SUPPORT)
APPROVERS = (Role.TEAM_MANAGER,)
# Chairs read what is published.
READERS = (*WRITERS, Role.CHAIR)
SERVICES = (Role.SERVICE,)
