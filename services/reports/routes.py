"""The HTTP face: who may ask, and for what."""

from services.reports.reports import api as reports

# They are asked in this order whether a path is theirs.
ROUTERS = (reports.routes,)
