"""The message log, the queue, and the outcome of each message."""
