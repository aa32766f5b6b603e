"""Duties of the desks, their turns and misses."""
