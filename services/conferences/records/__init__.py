"""The record of a conference, the outline plan, and their distribution."""
