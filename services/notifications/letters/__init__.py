"""Letters to children and parents: their words by age, who they go to, and printing all that wait in one go."""
