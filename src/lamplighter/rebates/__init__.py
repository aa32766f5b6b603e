"""Rebates from offer to payment, the manual and budgets that they stand on, and the goals that their programs serve."""
