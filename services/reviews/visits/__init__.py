"""Visits to children, other contacts with them, and checks halfway between reviews."""
