"""The only ways in which contacts and messages come to be."""
