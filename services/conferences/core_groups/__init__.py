"""Core groups: when each met, and when it is to meet."""
