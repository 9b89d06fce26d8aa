"""Looked-after children, their periods of care, and what is due for them."""
