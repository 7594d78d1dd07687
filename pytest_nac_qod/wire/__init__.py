"""What goes over the wire: clients, exchanges, redaction, servers."""
