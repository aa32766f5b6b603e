"""The only ways in which the unit's own work is written down."""
