"""Meters: what they are, what each channel or register measures, where they stood when, and their multipliers.

Raw counts, multipliers, units and powers of ten are kept apart, so that a wrong multiplier is corrected by its date.
"""
