"""Confidential addresses: protected and opened with evidence, told with a reason, and what was told to whom."""
