"""Meter files: what was imported, and uploading another."""
