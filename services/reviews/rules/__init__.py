"""The law and the practice of looked-after children's reviews: its words, and pure functions with their sources."""
