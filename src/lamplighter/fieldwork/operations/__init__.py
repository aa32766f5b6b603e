"""The only ways in which orders, visits, crews and what they found come and change."""
