"""Bank statements as values, read from BAI2, CAMT.053, MT940 and OFX; one whose own totals do not hold is refused."""
