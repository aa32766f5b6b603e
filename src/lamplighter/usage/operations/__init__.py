"""How readings come in, are published, corrected and decided."""
