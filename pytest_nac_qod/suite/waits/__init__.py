"""Waits: for what a target does by itself, for a target that refuses for a while, and for what has to end."""
