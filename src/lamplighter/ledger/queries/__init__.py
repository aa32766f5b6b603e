"""Questions to the books."""

from lamplighter.ledger.queries.balances import Balance, ageing, balances, open_month_for
from lamplighter.ledger.queries.control import CodeTotal, Difference, differences, trial_balance

__all__ = [
    "Balance",
    "CodeTotal",
    "Difference",
    "ageing",
    "balances",
    "differences",
    "open_month_for",
    "trial_balance",
]
