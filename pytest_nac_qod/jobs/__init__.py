"""Several cases at a time: which devices they have, which of them have to be alone, and how they end."""
