"""What meetings about children have in common."""
