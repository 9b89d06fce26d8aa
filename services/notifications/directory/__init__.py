"""Colleagues, agencies, areas, and who covers what."""
