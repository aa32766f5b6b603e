"""Plain values that every context speaks: money, energy, periods, instants, calendars, actors, findings.

Nothing here reads a clock, a file or a database. Every value is frozen and exact.
"""
