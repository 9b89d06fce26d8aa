"""Checks of plans between conferences, and 12-month discussions."""
