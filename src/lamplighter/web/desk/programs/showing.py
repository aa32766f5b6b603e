"""What an account has and could have of programs, in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.money import ZERO
from lamplighter.programs.models import Application, Enrollment, IncomePlan
from lamplighter.programs.queries.offering import Possible, possible
from lamplighter.programs.rules.sharing import monthly_of
from lamplighter.web.access import permissions
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

SIZES = (1, 2, 3, 4, 5, 6)
"""Of households, whose limits are shown."""


def beside(account: Account, request: HttpRequest) -> Mapping[str, Any]:
    """The same in a few lines for the account's first page."""
    found = possible(running(account, request), on=visit(request).on)
    return {"facts": [Fact(one.program.name, *line(one, request)) for one in found]}


def running(account: Account, request: HttpRequest) -> list[Agreement]:
    """The services that a program can be put on, on the day of the visit."""
    rows = Agreement.objects.filter(
        account=account, period__contains=visit(request).on, cancelled_at__isnull=True, premise__isnull=False
    )
    return list(rows.select_related("account", "premise").order_by("pk"))


def line(one: Possible, request: HttpRequest) -> tuple[str, Link | None]:
    """What is to be said in one line, and where it leads."""
    on = visit(request).on
    if one.waiting:
        assert one.waiting.papers_by
        return f"Papers by {day(one.waiting.papers_by, on)}", Link("Open", application_url(one.waiting))
    if one.enrollment:
        pays = income_words(one.enrollment)
        return f"{pays}Until {day(one.enrollment.period.last_day, on)}", apply_link(one, request, "Recertify")
    return _saving(one), apply_link(one, request, "Apply")


def income_words(enrollment: Enrollment) -> str:
    """What a household on a share of income pays; "" for other programs."""
    plan: IncomePlan | None = getattr(enrollment, "income_plan", None)
    return f"{monthly_of(plan.yearly)} a month, {plan.share.normalize():f}% of income. " if plan else ""


def _saving(one: Possible) -> str:
    if one.terms.income_share is not None:
        return f"They would pay {one.terms.income_share.normalize():f}% of their income"
    if one.saving is None:
        return "No bill yet to tell what it would save"
    bills = "its last bill" if one.saving.bills == 1 else f"its last {one.saving.bills} bills"
    if one.saving.amount <= ZERO:
        return f"Would have saved nothing on {bills}"
    return f"Would have saved {one.saving.amount} on {bills}"


def apply_link(one: Possible, request: HttpRequest, words: str) -> Link | None:
    if "programs.apply" not in permissions(request):
        return None
    url = reverse("desk:do-apply", args=[one.agreement.account.number, one.program.code])
    return Link(words, f"{url}?agreement={one.agreement.pk}", panel=True)


def application_url(application: Application) -> str:
    return reverse("desk:application", args=[application.number])
