"""Lists and figures."""
