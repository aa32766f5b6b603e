"""Accounts, bills and windows by what a person types."""

from __future__ import annotations

from datetime import date

import click

from lamplighter.accounts.models import Account, Agreement
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.billing.queries.due import RATED


def account_numbered(number: str) -> Account:
    """With its hyphen or without, or by the number of the system before."""
    plain = number.replace("-", "")
    hyphened = f"{plain[:-1]}-{plain[-1:]}"
    found = Account.objects.filter(number__in=(number, hyphened)).first()
    found = found or Account.objects.filter(old_number=number).first()
    if found is None:
        raise click.UsageError(f"There is no account {number}.")
    return found


def services_of(account: Account) -> list[Agreement]:
    """The agreements that are billed by a rate."""
    rows = Agreement.objects.filter(account=account, kind__in=RATED, cancelled_at__isnull=True)
    return list(rows.select_related("account", "premise").order_by("pk"))


def bill_numbered(number: str) -> Bill:
    found = Bill.objects.filter(number=number).select_related("account").first()
    if found is None:
        raise click.UsageError(f"There is no bill {number}.")
    return found


def window_of(cycle: str, month: date) -> CycleWindow:
    found = CycleWindow.objects.filter(cycle=cycle, month=month).select_related("cycle").first()
    if found is None:
        months = CycleWindow.objects.filter(cycle=cycle).order_by("month").values_list("month", flat=True)
        known = ", ".join(f"{one:%Y-%m}" for one in months) or "none"
        raise click.UsageError(f"No window is defined for cycle {cycle} in {month:%Y-%m}. Its windows: {known}.")
    return found
