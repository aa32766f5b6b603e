"""Outreach: what it reckons without a database."""
