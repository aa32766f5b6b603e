"""Whether a measure at a service may have a rebate, and which papers it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.kernel.money import Money


class PaperKind(StrEnum):
    """What a paper is."""

    INVOICE = "invoice"
    SPEC = "spec"
    PHOTO = "photo"
    PERMIT = "permit"
    AGREEMENT = "agreement"
    W9 = "w9"
    ASSIGNMENT = "assignment"

    @property
    def label(self) -> str:
        return _PAPERS[self]

    @property
    def said(self) -> str:
        """Its label within a sentence."""
        return self.label[0].lower() + self.label[1:]


class Way(StrEnum):
    """How a rebate is paid."""

    CREDIT = "credit"
    CHECK = "check"
    CONTRACTOR = "contractor"

    @property
    def label(self) -> str:
        return {"credit": "Credit on the bill", "check": "Check", "contractor": "Check to the contractor"}[self.value]


_PAPERS = {
    PaperKind.INVOICE: "Paid invoice",
    PaperKind.SPEC: "Data sheet of what was installed",
    PaperKind.PHOTO: "Photos of it",
    PaperKind.PERMIT: "Signed-off permit",
    PaperKind.AGREEMENT: "Signed participation agreement",
    PaperKind.W9: "Form W-9 of the payee",
    PaperKind.ASSIGNMENT: "Signed assignment to the contractor",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and where. `live`: the number of an application for the same measure at the same service."""

    customer_class: str
    quantity: Decimal
    cost: Money
    serves: bool
    live: str = ""


def refusals(asked: Asked, *, classes: frozenset[str], amount: Money) -> tuple[str, ...]:
    """Why it can't be had; empty where it can."""
    found = []
    if asked.customer_class not in classes:
        found.append(f"The measure is for {', '.join(sorted(classes))} customers, and this one is"
                     f" {asked.customer_class}.")  # fmt: skip
    if not asked.serves:
        found.append("No service runs there on this day.")
    if asked.live:
        found.append(f"Application {asked.live} asks for the same measure at the same service.")
    if not found and amount.cents <= 0:
        found.append("It comes to nothing: others bear the whole cost, or the manual gives nothing for it.")
    return tuple(found)


def needed(papers: frozenset[PaperKind], way: Way) -> frozenset[PaperKind]:
    """What must be on file before the desk looks: a check takes a W-9, and a contractor the customer's assignment."""
    more = {
        Way.CREDIT: frozenset[PaperKind](),
        Way.CHECK: frozenset({PaperKind.W9}),
        Way.CONTRACTOR: frozenset({PaperKind.W9, PaperKind.ASSIGNMENT}),
    }[way]
    return papers | more


def too_early(installed_on: date, *, received_on: date) -> str:
    """Work that was done before anybody asked would have been done anyway (a free rider); "" where it was not."""
    if installed_on >= received_on:
        return ""
    return f"It was installed {installed_on:%b %-d, %Y}, before it was asked for on {received_on:%b %-d, %Y}."
