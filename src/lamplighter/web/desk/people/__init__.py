"""People at the desk: the identity numbers that are kept of them, sealed."""
