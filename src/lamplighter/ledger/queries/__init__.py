"""Questions to the books."""

from lamplighter.ledger.queries.balances import Balance, ageing, ageing_of_each, balances, open_month_for
from lamplighter.ledger.queries.control import CodeTotal, Difference, differences, trial_balance

__all__ = [
    "Balance",
    "CodeTotal",
    "Difference",
    "ageing",
    "ageing_of_each",
    "balances",
    "differences",
    "open_month_for",
    "trial_balance",
]
