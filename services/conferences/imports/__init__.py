"""History from elsewhere: children, enquiries, past conferences, submitted censuses."""
