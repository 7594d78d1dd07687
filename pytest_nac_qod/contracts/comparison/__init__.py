"""What two documents require, and where they differ."""
