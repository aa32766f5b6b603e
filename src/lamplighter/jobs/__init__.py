"""Background work, queued in PostgreSQL within the transaction that asks for it (procrastinate)."""
