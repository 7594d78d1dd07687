"""What a run created at its target, and what becomes of it."""
