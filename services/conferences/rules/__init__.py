"""The guidance and the practice of child protection conferences and plans: words, and pure functions with sources."""
