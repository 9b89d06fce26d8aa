"""Children by name, birth date or number."""
