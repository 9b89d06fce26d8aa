"""What this service asks of others over HTTP."""
