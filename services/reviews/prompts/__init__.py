"""What a chair is reminded of once for each period of care."""
