"""Whether a value follows a schema."""
