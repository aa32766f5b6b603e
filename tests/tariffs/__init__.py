"""Tests of the shipped rate books: bills worked by hand from printed prices, and facts all accounted for."""
