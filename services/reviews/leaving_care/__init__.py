"""Approvals that the law asks for before a child leaves care."""
