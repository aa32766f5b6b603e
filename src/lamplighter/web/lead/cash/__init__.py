"""Cash control: drawers to verify, bank deposits, the bank's statements, what looks odd, and the journal to finance."""
