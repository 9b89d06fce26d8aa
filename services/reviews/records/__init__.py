"""The record of a review, and its distribution."""
