"""Rebates: what they are worth, who may have them, and what becomes of them."""
