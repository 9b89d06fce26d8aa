"""Tables of figures: their rows, and small numbers left out."""
