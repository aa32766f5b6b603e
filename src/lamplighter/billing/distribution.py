"""Which general-ledger code a line of a bill is posted to.

A tariff names a distribution (`revenue.energy`, `payable.users_tax`); here it meets the chart of accounts. Revenue is
posted gross by class of customer, discounts apart against the fund that bears them, taxes as owed to who levies them.
"""

from __future__ import annotations

from functools import lru_cache

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
    said = line.said
    code, unknown = _code(said.fund, said.gl, said.kind is Kind.TAX, customer_class)
    if unknown:
        raise CannotBill(
            "billing.distribution",
            f"The line “{said.label}” names {unknown}, which the chart of accounts does not know.",
        )
    return code


@lru_cache(maxsize=1024)
def _code(fund: str, gl: str, tax: bool, customer_class: str) -> tuple[str, str]:  # noqa: FBT001 - a part of the key
    """The code, or what the chart does not know."""
    if fund:
        return (FUNDS[fund], "") if fund in FUNDS else ("", f"the fund “{fund}”")
    if gl in PAYABLE:
        return PAYABLE[gl], ""
    if gl in EXPENSE:
        return EXPENSE[gl], ""
    if gl and not gl.startswith("revenue"):
        return "", f"the distribution “{gl}”"
    if tax and not gl:
        return "", "a tax without a distribution"
    return revenue_of(customer_class), ""


def revenue_of(customer_class: str) -> str:
    """The code of what a class of customer is charged for service."""
    assert customer_class in CLASSES, customer_class
    return f"revenue-{customer_class}"
