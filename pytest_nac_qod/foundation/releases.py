"""The release that is meant where nobody names one."""

CURRENT = "r3.2"
