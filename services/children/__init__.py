"""The children service: who a child is, owned once."""
