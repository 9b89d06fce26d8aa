"""What the numbers of reports mean, and the tables that they are gathered in."""
