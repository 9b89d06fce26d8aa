"""Papers of a meeting that are given to people: what they say as data, and how they look on a page and on paper."""
