"""What is sent by the clock."""
