"""AutoPay: authorizations to draw bills from bank accounts, their drafts, and what the bank sends back."""
