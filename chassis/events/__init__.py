"""Events between services and to outside subscribers: published, delivered, received."""
