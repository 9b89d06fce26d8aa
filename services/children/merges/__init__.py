"""Merges of two person numbers of one child."""
