"""Answers that several services give together, so that no address shows where one of them ends."""
