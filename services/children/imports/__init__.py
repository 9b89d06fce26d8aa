"""Children from a CSV file."""
