"""Measurements: one command each, both sides in one run, a ratio last."""
