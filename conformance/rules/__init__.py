"""Rules: what the contract demands and no published scenario covers."""
