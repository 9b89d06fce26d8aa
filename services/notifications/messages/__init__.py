"""The message log, the queue, and what became of each message."""
