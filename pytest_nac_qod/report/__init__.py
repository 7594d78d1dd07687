"""What is made of results: results.json and whatever reads it."""
