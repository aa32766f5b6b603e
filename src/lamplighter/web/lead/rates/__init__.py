"""The rate lab, the best rate of everybody, and who belongs on another rate."""
