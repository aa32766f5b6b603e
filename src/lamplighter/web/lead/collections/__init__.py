"""What collection came to, how old debts are, and which promises hold it back."""
