"""The service of the reports that people sign."""
