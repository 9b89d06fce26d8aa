"""Invitations, contributions and the links that professionals use to give them."""
