"""Everything made from results: results.json and all that reads it."""
