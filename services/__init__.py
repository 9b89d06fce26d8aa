"""The services: separate in running, in data and in imports."""
