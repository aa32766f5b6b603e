"""Django footing that every context stands on: columns, events, access, approvals, numbering, files, runs.

It knows nothing of utilities. Its promises: every change tells who, when and why in the same transaction; what is
append-only stays so in the database itself; a request that is sent twice acts once.
"""
