"""Escalations that a closed conference proposes."""
