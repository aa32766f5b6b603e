"""Bill cycles: windows, runs with live progress, what is parked, what is to be billed again."""
