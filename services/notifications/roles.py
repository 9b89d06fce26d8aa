"""Who may do what here."""

from chassis.access.callers import Role

EVERYBODY = (
    Role.CHAIR,
    Role.TEAM_MANAGER,
    Role.BUSINESS_SUPPORT,
    Role.SOCIAL_WORK_MANAGER,
    Role.PERFORMANCE_ANALYST,
    Role.ADMINISTRATOR,
)
KEEPERS = (Role.ADMINISTRATOR, Role.BUSINESS_SUPPORT, Role.TEAM_MANAGER)
MANAGERS = (Role.TEAM_MANAGER, Role.ADMINISTRATOR)
# People who print letters have to find and read them.
PRINTERS = (*MANAGERS, Role.BUSINESS_SUPPORT)
