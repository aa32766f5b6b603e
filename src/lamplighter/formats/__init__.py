"""File formats of the outside world, read into plain values with findings, and written. No Django."""
