"""Tests of meters at the desk: the customer's wish, the shop's result, and what a meter's page shows of them."""
