"""The account manager's desk: who needs me today, the portfolio, and each account from people to plan."""
