"""Answers, and the links by which officers give them."""
