"""Questions about the unit's own work."""
