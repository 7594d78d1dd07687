"""Scenarios of QoS profile assignments, called provisionings up to r2.2."""
