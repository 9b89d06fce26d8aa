"""Who may do what here."""

from chassis.access.callers import Role

# Any chair may cover for another, so reading is team-wide; every reading is audited.
READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
WRITERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)
DECIDERS = (Role.CHAIR, Role.TEAM_MANAGER)
MANAGERS = (Role.TEAM_MANAGER,)
ANALYSTS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.PERFORMANCE_ANALYST)
# The reports service publishes figures.
REPORTERS = (*ANALYSTS, Role.SERVICE)
# The repeat view names professionals, which analysts do not see.
NAMERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT)
SERVICES = (Role.SERVICE,)
IMPORTERS = (Role.ADMINISTRATOR,)
