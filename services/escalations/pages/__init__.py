"""Server-rendered pages for liaison officers, who have no account."""

from services.escalations.pages.routes import routes as routes
