"""Who is invited, what they contribute, and the links by which they say it."""
