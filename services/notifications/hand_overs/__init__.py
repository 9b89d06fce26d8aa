"""Hand-overs of everything of a chair to another one, and how far each service has followed."""
