"""Retention of records: how long words and past states are kept, what is due, what was erased."""
