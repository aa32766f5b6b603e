"""Complaints and how far each is looked into; the closing letter; how many there are of each cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from lamplighter.accounts.models import AgreementPoint
from lamplighter.accounts.queries import profile
from lamplighter.customers.models import Person
from lamplighter.customers.queries import reach
from lamplighter.keyaccounts.models import Investigation, Issue
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.notices.channels import Channel
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.drafts import CannotCompose, Draft, Request, draft

CODE = "complaint-closed"


def complaints() -> QuerySet[Issue]:
    """Issues that are complaints, or that somebody looks into, the newest first."""
    rows = Issue.objects.filter(Q(about=Issue.About.COMPLAINT) | Q(investigation__isnull=False))
    return rows.select_related(
        "organisation__person", "account", "owner", "investigation__investigator"
    ).order_by("-opened_at")  # fmt: skip


def causes(rows: Sequence[Issue]) -> Counter[str]:
    """How many of each cause, in words; those not found out yet are left out."""
    found = (getattr(one, "investigation", None) for one in rows)
    return Counter(one.get_cause_display() for one in found if one is not None and one.cause)


def closing_letter(investigation: Investigation, *, found: str, doing: str, on: date) -> Draft:
    """What the customer is told: by email where they gave one, else as a letter. Raises CannotKeep."""
    issue = investigation.issue
    person, home = _customer(issue, on)
    reached = reach(person, on=on)
    lines = (reached.mailing or home).splitlines()
    email = bool(reached.email)
    if not email and not lines:
        raise CannotKeep("There is neither an email nor an address to write to. Note one first.")
    try:
        return draft(Request(
            CODE, Channel.EMAIL if email else Channel.LETTER, Language(person.language), f"{CODE}:{issue.number}",
            issue.subject, f"person:{person.number}", (reached.email,) if email else (person.name, *lines),
            {"customer": person.name, "number": issue.number, "opened": issue.opened_at.date(), "sent": on,
             "found": " ".join(found.split()), "doing": " ".join(doing.split())},
            account=issue.account_id,
        ))  # fmt: skip
    except CannotCompose as why:
        raise CannotKeep(str(why)) from why


def _customer(issue: Issue, on: date) -> tuple[Person, str]:
    """Who complained, and a place of theirs as an envelope wants it."""
    if issue.account is not None:
        known = profile(issue.account, on=on)
        if known.customer is None:
            raise CannotKeep("Nobody is the customer of this account any more.")
        return known.customer, known.premise.label if known.premise else ""
    assert issue.organisation is not None, "an issue is of somebody"
    person = issue.organisation.person
    rows = AgreementPoint.objects.filter(
        agreement__account__roles__person=person, agreement__account__roles__role="main", period__contains=on,
        agreement__premise__isnull=False,
    ).select_related("agreement__premise")  # fmt: skip
    first = rows.order_by("pk").first()
    return person, first.agreement.premise.label if first and first.agreement.premise else ""
