"""A bill as a clerk reads it to a caller."""
