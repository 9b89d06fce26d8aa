"""What callers send and are sent: a file for each part of the service."""
