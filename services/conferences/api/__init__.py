"""The HTTP face: who may ask, and for what."""
