"""The account: one page to know it, and the acts on it."""
