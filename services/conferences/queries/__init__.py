"""What is read: lists, records and figures, rendered by PostgreSQL."""
