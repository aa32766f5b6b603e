"""Accounts and service agreements: who pays, for what, where, on which rate, from when.

Every kind of balance is a service agreement of its type (energy, deposit, arrangement, budget, net metering,
write-off, excess credit, over and short ...): one ledger mechanism for all of them.
"""
