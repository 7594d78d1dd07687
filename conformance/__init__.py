"""The conformance suite: one test for each purpose of the catalogue."""
