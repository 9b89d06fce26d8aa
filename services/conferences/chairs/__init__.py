"""Who chairs a child's conferences."""
