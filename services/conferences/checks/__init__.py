"""What happens between conferences: core groups, checks of plans, discussions, feedback."""
