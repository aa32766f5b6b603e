"""Credit at the desk: plans, more time, protections, calls, what collection does next, and the shut-off check."""
