"""Systems outside that are told what happens: where they receive events, and what became of each."""
