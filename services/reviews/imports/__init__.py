"""History from elsewhere: children, past reviews, submitted returns."""
