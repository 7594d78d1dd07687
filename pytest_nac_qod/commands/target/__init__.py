"""Commands about a target: from its file to its run."""
