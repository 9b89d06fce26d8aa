"""Positive challenges and good practice: what comes before or beside an escalation."""
