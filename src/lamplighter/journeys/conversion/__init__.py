"""Take a utility over from another system: its places, people, accounts, debts and bills. See docs/conversion.md."""
