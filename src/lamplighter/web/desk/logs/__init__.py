"""Logs with columns of their own."""
