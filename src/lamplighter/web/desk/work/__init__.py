"""The worklists: what waits, whose it is, and what came of it."""
