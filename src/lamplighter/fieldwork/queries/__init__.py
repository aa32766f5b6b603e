"""Questions to field work."""
