"""The statutory return of looked-after children."""
