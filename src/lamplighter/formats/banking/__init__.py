"""Bank statements as values, read from BAI2 and CAMT.053; a file whose own totals do not hold is refused."""
