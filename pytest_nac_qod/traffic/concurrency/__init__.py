"""Rules on requests that are under way at the same time."""
