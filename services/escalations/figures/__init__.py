"""Figures about escalations."""
