"""What is due, and each chair's diary."""
