"""What stands between httpx and a target: limits, and the way to a server of this process."""
