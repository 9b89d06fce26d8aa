"""What people do here, in the service's own verbs, inside the caller's transaction."""
