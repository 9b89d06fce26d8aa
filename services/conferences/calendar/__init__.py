"""What is due, each chair's diary, and which reports are missing."""
