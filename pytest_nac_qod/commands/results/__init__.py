"""Commands about the results of a run."""
