"""Policies and knowledge: reading, searching, drafting, comparing, proposing and reviewing texts."""
