"""Rate rules: who belongs on a schedule, and who may choose it."""
