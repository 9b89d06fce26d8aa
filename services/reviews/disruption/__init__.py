"""Referrals for a meeting about a placement that broke down."""
