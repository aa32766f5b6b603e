"""Rebates at the desk: applications from offer to payment, and the programs, manual and budgets behind them."""
