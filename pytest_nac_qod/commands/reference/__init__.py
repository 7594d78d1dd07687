"""Commands about the embedded server."""
