"""A year of an invented council, built from published figures: the same seed gives the same data."""
