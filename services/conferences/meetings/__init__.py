"""Conferences: planned, moved, held, corrected."""
