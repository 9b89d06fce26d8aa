"""What managers record of the quality of the work: observations, development, audits, visits to homes, priorities."""
