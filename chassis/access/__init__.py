"""Who is asking, what they may see, and the audit of it."""
