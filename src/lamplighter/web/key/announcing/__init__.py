"""Notices to business customers: planned work, trees, changes; whom they reach, what they say, whether they arrived."""
