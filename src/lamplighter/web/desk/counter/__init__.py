"""The counter: the cashier's own drawer, payments with change, receipts."""
