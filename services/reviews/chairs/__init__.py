"""Who is whose Independent Reviewing Officer."""
