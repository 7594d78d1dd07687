"""Scenarios of QoS profiles."""
