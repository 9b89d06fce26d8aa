"""The roles that may do what in this service."""

from chassis.access.callers import Role

# Any chair may cover for another, so reading is team-wide; every reading is audited, and restricted records are apart.
READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
WRITERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)
DECIDERS = (Role.CHAIR, Role.TEAM_MANAGER)
RESPONDERS = (Role.SOCIAL_WORK_MANAGER, Role.TEAM_MANAGER)
MANAGERS = (Role.TEAM_MANAGER,)
ANALYSTS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.PERFORMANCE_ANALYST)
# The reports service publishes figures.
REPORTERS = (*ANALYSTS, Role.SERVICE)
CASE_MANAGEMENT = (Role.CASE_MANAGEMENT, Role.BUSINESS_SUPPORT, Role.ADMINISTRATOR)
SERVICES = (Role.SERVICE,)
IMPORTERS = (Role.ADMINISTRATOR,)
# The statutory return names every child by number and date of birth, those with restricted records among them.
RETURNERS = (Role.TEAM_MANAGER, Role.ADMINISTRATOR)
