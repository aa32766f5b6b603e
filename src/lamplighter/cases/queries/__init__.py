"""Questions about contacts and messages."""
