"""What an organisation owes, account by account; bill by bill where it is aged so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.queries.debts import past_due_totals
from lamplighter.credit.queries.openitems import Stand, aged_open, stands
from lamplighter.keyaccounts.models import Organisation
from lamplighter.keyaccounts.queries.portfolio import accounts_of
from lamplighter.web.access import may_open
from lamplighter.web.ui.parts import Empty, Fact, Link
from lamplighter.web.visits import visit


def owing(request: HttpRequest, organisation: Organisation) -> Mapping[str, Any]:
    """Each account that owes or has unapplied credit; a dozen queries, whatever their number."""
    on, pks = visit(request).on, accounts_of([organisation])[organisation.pk]
    numbers = dict(Account.objects.filter(pk__in=pks).order_by("number").values_list("pk", "number"))
    opened, late = stands(aged_open(pks, on=on)), past_due_totals(pks, on=on)
    facts = []
    for pk, number in numbers.items():
        said = bill_by_bill(opened[pk], on) if pk in opened else f"{late[pk]} past due" if late[pk] else ""
        if said:
            page = reverse("desk:open-items" if pk in opened else "desk:account", args=[number])
            facts.append(Fact(number, said, Link("Open", page) if may_open(request, page) else None))
    return {"facts": facts, "empty": Empty("Nothing is past due.", good=True)}


def bill_by_bill(stand: Stand, on: date) -> str:
    """The bills of an account that are overdue, and what is loose; "" where there is neither."""
    late = [f"{one.bill or 'not billed yet'}: {one.open}, {one.late(on)} days past due"
            for one in stand.bills if one.late(on)]  # fmt: skip
    return "; ".join([*late, *([f"{stand.unapplied} unapplied"] if stand.unapplied else [])])
