"""The embedded server with one defect at a time, and the cases that fail because of it: the proof of every check."""
