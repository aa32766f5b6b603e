"""Meter readings that wait for a person: the list, the curve, the rule, the decision; and imported files."""
