"""Validation of intervals: rules as pure functions over blocks, in ordered groups that are data.

A group is chosen by the role of the data (initial load, manual override, estimation). A step names a rule with its
thresholds, a severity, and for which classes, flows and units it holds. See docs/algorithms/vee.md.
"""
