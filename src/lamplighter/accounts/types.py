"""The types of service agreement: what each controls in billing, payment, collection and the books."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AgreementKind(StrEnum):
    ENERGY = "energy"
    UNMETERED = "unmetered"
    NET_METERING = "net-metering"
    DEPOSIT = "deposit"
    ARRANGEMENT = "arrangement"
    BUDGET = "budget"
    EXCESS_CREDIT = "excess-credit"
    WRITE_OFF = "write-off"
    OVER_SHORT = "over-short"
    INVOICE = "invoice"
    LOAN = "loan"
    CHARITY = "charity"
    PRE_PETITION = "pre-petition"
    FORGIVENESS = "forgiveness"


@dataclass(frozen=True, slots=True)
class AgreementType:
    """`control_code` is the general-ledger code of its sub-ledger; `priority` orders payments, lowest first."""

    kind: AgreementKind
    label: str
    control_code: str
    priority: int
    at_premise: bool = False
    rated: bool = False


TYPES: dict[AgreementKind, AgreementType] = {
    t.kind: t
    for t in (
        AgreementType(AgreementKind.ENERGY, "Electric service", "receivable", 20, at_premise=True, rated=True),
        AgreementType(AgreementKind.UNMETERED, "Unmetered service", "receivable", 20, at_premise=True, rated=True),
        AgreementType(AgreementKind.NET_METERING, "Net metering year", "receivable-nem", 25, at_premise=True),
        AgreementType(AgreementKind.DEPOSIT, "Deposit", "deposits", 10),
        AgreementType(AgreementKind.ARRANGEMENT, "Payment arrangement", "receivable-arrangement", 15),
        AgreementType(AgreementKind.BUDGET, "Budget billing", "receivable-budget", 20),
        AgreementType(AgreementKind.EXCESS_CREDIT, "Credit on account", "credits", 90),
        AgreementType(AgreementKind.WRITE_OFF, "Written-off debt", "receivable-written-off", 80),
        AgreementType(AgreementKind.OVER_SHORT, "Cash over and short", "over-short", 99),
        AgreementType(AgreementKind.INVOICE, "Miscellaneous invoice", "receivable-other", 40),
        AgreementType(AgreementKind.LOAN, "Loan", "receivable-loan", 45),
        AgreementType(AgreementKind.PRE_PETITION, "Debt from before a bankruptcy", "receivable-petition", 5),
        AgreementType(AgreementKind.FORGIVENESS, "Debt set aside to be forgiven", "receivable-forgiveness", 85),
        AgreementType(AgreementKind.CHARITY, "Donation", "donations", 95),
    )
}
