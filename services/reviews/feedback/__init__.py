"""Feedback about reviews."""
