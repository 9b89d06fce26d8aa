"""The installation that docker-compose.yml describes."""
