"""A copy of everything that an installation keeps - database, interval store, files - at one moment, and its way back.

How one moment is caught while work goes on, and why a copy is never half restored: docs/operations.md.
"""
