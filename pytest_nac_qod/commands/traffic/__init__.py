"""The commands that judge traffic: recorded, passing by, or under load."""
