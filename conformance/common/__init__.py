"""Scenarios that many operations share."""
