"""Server-rendered pages for invited professionals, who have no account."""

from services.conferences.pages.routes import routes as routes
