"""What everything else stands on: the clock, settings, logs, problems."""
