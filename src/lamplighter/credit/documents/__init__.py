"""Papers of credit that leave the house as PDF."""
