"""Questions to the platform's rows."""
