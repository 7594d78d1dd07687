"""What schemathesis makes of the contracts."""
