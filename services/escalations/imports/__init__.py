"""History from elsewhere: past escalations, and what became of them."""
