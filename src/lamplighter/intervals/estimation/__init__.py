"""Estimation of missing intervals: by a line, by like days, by a profile, then scaled to the register.

See docs/algorithms/estimation.md for the order and worked figures.
"""
