"""The meter network."""
