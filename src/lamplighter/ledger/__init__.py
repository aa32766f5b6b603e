"""Double-entry books in whole cents, with two balances per agreement: current and payoff.

An entry is one balanced happening. Its payoff cents sum to zero over general-ledger codes; its current cents are a
memo on the sub-ledger (what we ask for now), outside that sum. Debits are positive. The books know nothing of bills
or payments; they know the source that each entry names, once. Entries are never changed: a mistake is reversed.
"""
