"""Funds that help with bills: what they have, who gives to them, and what they grant."""
