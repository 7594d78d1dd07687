"""A client that does all that the cases ask for, and defects of it that they have to find."""
