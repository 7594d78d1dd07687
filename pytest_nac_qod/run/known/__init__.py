"""Failures that are known: by case, and by cause."""
