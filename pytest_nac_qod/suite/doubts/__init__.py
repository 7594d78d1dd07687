"""What must not be held against a target: names that were assumed, and clocks that differ."""
