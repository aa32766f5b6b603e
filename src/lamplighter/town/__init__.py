"""Marisol Bay Power, the invented demo utility: its people, rates, weather and a year of life."""
