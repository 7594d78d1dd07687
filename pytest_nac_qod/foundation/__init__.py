"""What everything else stands on: JSON types, errors, values, time that passes, text that is safe to print."""
