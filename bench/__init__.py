"""Speed, side by side with the floor in one run; reported as ratios, since machines are noisy."""
