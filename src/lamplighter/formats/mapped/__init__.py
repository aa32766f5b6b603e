"""Meter data in any table of text: a mapping, which is data, says what the columns are."""
