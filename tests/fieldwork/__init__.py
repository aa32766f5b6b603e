"""Tests of orders, crews and what they find."""
