"""Tests from generated requests; what they need is in the extras `hypothesis` and `schemathesis`."""
