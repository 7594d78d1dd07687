"""The caller's side: what a client of quality-on-demand was told to ask for, and what it asks for on the wire."""
