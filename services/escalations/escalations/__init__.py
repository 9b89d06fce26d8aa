"""Formal escalations: raised, moved, closed."""
