"""Pure rules of the unit's own work."""
