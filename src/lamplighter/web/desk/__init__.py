"""The customer service desk: find, know, help and take money from customers."""
