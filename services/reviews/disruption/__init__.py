"""Referrals for meetings about a placement that broke down."""
