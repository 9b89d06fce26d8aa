"""What happens between reviews: visits, checks, prompts, feedback, leaving care."""
