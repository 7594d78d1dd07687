"""A release drafted from what is published, and what is left to decide before it is ready."""
