"""The HTTP face: who may ask, and for what."""

from services.reports import internal
from services.reports.indicators import api as indicators
from services.reports.quality import api as quality
from services.reports.reports import api as reports
from services.reports.reports import pages

# They are asked in this order whether a path is theirs.
ROUTERS = (indicators.routes, reports.routes, pages.routes, quality.routes, internal.routes)
