"""Defects that show only while requests are under way at the same time; a rule of traffic finds each under load."""
