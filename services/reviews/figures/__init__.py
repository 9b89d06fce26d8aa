"""Figures about reviews."""
