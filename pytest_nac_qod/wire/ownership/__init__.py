"""What is ours at a target: noted before it is created, and deleted however the target answers."""
