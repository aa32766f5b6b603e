"""Notices as they were sent."""
