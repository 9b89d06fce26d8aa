"""Review meetings: planned, moved, held, corrected."""
