"""What other services know of children, and what they disagree about."""
