"""Scenarios of QoS sessions."""
