"""Card payments on the processor's own page: we send customers there, and it tells us, signed, what happened.

No card number, expiry or security code ever reaches this program (PCI DSS SAQ A: full redirect).
"""
