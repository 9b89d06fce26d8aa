"""The HTTP face: who may ask, and for what."""

<<<<<<< HEAD
from services.reports.indicators import api as indicators
=======
from services.reports.quality import api as quality
>>>>>>> 9d4a561b (Keep what managers record of the quality of the work)
from services.reports.reports import api as reports
from services.reports.reports import pages

# They are asked in this order whether a path is theirs.
<<<<<<< HEAD
ROUTERS = (indicators.routes, reports.routes, pages.routes)
=======
ROUTERS = (reports.routes, quality.routes)
>>>>>>> 9d4a561b (Keep what managers record of the quality of the work)
