"""Start, stop and move service at the desk, and the other acts on who is served where."""
