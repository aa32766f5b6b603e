"""The unit's work: whose, how old, moved and reviewed."""
