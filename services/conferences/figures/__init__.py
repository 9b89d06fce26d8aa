"""Figures about conferences, plans and contributions."""
