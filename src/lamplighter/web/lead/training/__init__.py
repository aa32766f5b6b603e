"""Modules, who is to learn them, and who has."""
