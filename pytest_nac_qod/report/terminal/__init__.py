"""A run in the terminal, and on GitHub."""
