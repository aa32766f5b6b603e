"""Tariffs as data: the determinants that they need, exact prices, explanations, and a columnar second calculator.

Pure: no Django, no files, no clock. See docs/algorithms/.
"""
