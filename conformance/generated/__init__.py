"""Rules that are tested with generated requests."""
