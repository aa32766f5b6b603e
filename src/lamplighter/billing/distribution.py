"""Which general-ledger code a line of a bill is posted to.

A tariff names a distribution (`revenue.energy`, `payable.users_tax`); here it meets the chart of accounts. Revenue is
posted gross by class of customer, discounts apart against the fund that bears them, taxes as owed to who levies them.
"""

from __future__ import annotations

from lamplighter.billing.rules import CannotBill
from lamplighter.rating.bill import PricedLine
from lamplighter.rating.tariff import Kind

PAYABLE = {
    "payable.users_tax": "users-tax",
    "payable.state_surcharge": "state-surcharge",
    "payable.franchise_tax": "franchise-tax",
    "payable.export_credits": "export-credits",
}
EXPENSE = {"expense.exports": "purchased-power-exports"}
FUNDS = {
    "public purpose": "assistance-discounts",
    "assistance": "assistance-discounts",
    "medical": "medical-discounts",
}
CLASSES = {"residential", "commercial", "industrial", "lighting", "government"}


def code_for(line: PricedLine, *, customer_class: str) -> str:
    """The general-ledger code of a line. Raises CannotBill for a distribution that the chart does not know."""
    if line.fund:
        if line.fund in FUNDS:
            return FUNDS[line.fund]
        raise _unknown(line, f"the fund “{line.fund}”")
    if line.gl in PAYABLE:
        return PAYABLE[line.gl]
    if line.gl in EXPENSE:
        return EXPENSE[line.gl]
    if line.gl and not line.gl.startswith("revenue"):
        raise _unknown(line, f"the distribution “{line.gl}”")
    if line.kind is Kind.TAX and not line.gl:
        raise _unknown(line, "a tax without a distribution")
    return revenue_of(customer_class)


def revenue_of(customer_class: str) -> str:
    """The code of what a class of customer is charged for service."""
    assert customer_class in CLASSES, customer_class
    return f"revenue-{customer_class}"


def _unknown(line: PricedLine, what: str) -> CannotBill:
    return CannotBill(
        "billing.distribution", f"The line “{line.label}” names {what}, which the chart of accounts does not know."
    )
