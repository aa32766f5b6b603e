"""The supervisor's morning."""
