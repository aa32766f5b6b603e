"""The figures of Official Form 410 and the statement attached to it, as a PDF. Account numbers end in their last four
digits and no more is told of a person than the case does (Federal Rule of Bankruptcy Procedure 9037)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

from lamplighter.accounts.models import Agreement
from lamplighter.billing.documents.compiler import compile_document, shown_by_fonts
from lamplighter.billing.documents.type import settable
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import Bankruptcy
from lamplighter.credit.queries.bankruptcies import parts_of
from lamplighter.credit.rules.bankruptcy import BAR_CITES, Assurance
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.notices.queries import sender

TEMPLATE = Path(__file__).with_name("claim.typ")


def claim_pdf(case: Bankruptcy, *, debtor: str, on: date) -> bytes:
    """Everything from before the filing, as of the filing."""
    us, parts = sender(), parts_of(case)
    amount = total(one.amount for one in parts)
    homes = {a.pk: a for a in Agreement.objects.filter(pk__in=case.debts.values("agreement"))}
    debts = [[f"{one.owed_on:%b %-d, %Y}", homes[one.agreement].type.label, str(one.amount)] for one in parts]
    content = {
        "title": f"Proof of claim, case {case.case_number}", "creditor": us.utility,
        "intro": f"{case.of.label}, {case.court}. Debtor: {debtor}. Filed {case.filed_on:%B %-d, %Y}.",
        "figures": figures(case, amount, utility=us.utility, office=us.office, phone=us.phone, email=us.email),
        "debts": debts, "total": str(amount), "footer": f"{us.utility}, case {case.case_number}",
        "note": f"To be filed by {case.bar_date:%B %-d, %Y} ({BAR_CITES}): the creditor is a governmental unit.",
    }  # fmt: skip
    shown, _ = settable(content, shown_by_fonts)
    return compile_document(TEMPLATE, json.dumps(shown), dated=datetime.combine(on, time(), UTC))


def figures(case: Bankruptcy, amount: Money, *, utility: str, office: str, phone: str, email: str) -> list[list[str]]:
    """The form's questions by number, with our answers."""
    held = old_deposit(case)
    return [
        ["1", "Who is the current creditor?", utility],
        ["2", "Acquired from someone else?", "No"],
        ["3", "Where should notices and payments be sent?", f"{utility}, {office}. {phone}. {email}"],
        ["4", "Does this claim amend one already filed?", "No"],
        ["6", "Last 4 digits of the account", case.account.number.replace("-", "")[-4:]],
        ["7", "How much is the claim?", f"{amount}; includes no interest or other charges after the filing"],
        ["8", "What is the basis of the claim?", "Electric utility service delivered before the filing"],
        ["9", "Is it secured?", "No"],
        ["11", "Is it subject to a right of setoff?", f"Yes: a deposit of {held} is held" if held else "No"],
        ["12", "Is it entitled to priority?", "No"],
    ]


def old_deposit(case: Bankruptcy) -> Money:
    """What is held from before the filing: without the assurance that was given since."""
    held = deposit_of(case.account)
    new = case.assurance if case.assurance_form == Assurance.DEPOSIT else ZERO
    return max((held.held if held else ZERO) - new, ZERO)
