"""Who may do what here."""

from chassis.access.callers import Role

# Any chair may cover for another, so reading is team-wide; every reading is audited, and restricted records are apart.
READERS = (Role.CHAIR, Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.SOCIAL_WORK_MANAGER)
MANAGERS = (Role.TEAM_MANAGER,)
CASE_MANAGEMENT = (Role.CASE_MANAGEMENT, Role.BUSINESS_SUPPORT, Role.ADMINISTRATOR)
# Who can correct a child's record in the case-management system, and the managers whom they ask.
SETTLERS = (Role.TEAM_MANAGER, Role.BUSINESS_SUPPORT, Role.ADMINISTRATOR)
SERVICES = (Role.SERVICE,)
IMPORTERS = (Role.ADMINISTRATOR,)
