"""Emails sent on a schedule."""
