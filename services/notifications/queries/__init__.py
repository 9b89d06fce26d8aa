"""Lists, and what coverage leaves open."""
