"""How fast the real system is: beside its budgets, and beside peers in the same run."""
