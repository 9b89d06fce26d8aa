"""What a review decided, and what the manager said to it."""
