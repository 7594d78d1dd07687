"""What proves who made a report, and that it is whole."""
