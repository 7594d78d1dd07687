"""Commands that judge clients."""
