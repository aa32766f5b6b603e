"""Goals of the team, set by its lead."""
