"""What is known of customers' sites today: for their manager, their plan, and those beside whom they are compared."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lamplighter.outreach.models import Trait

SPARES = {
    Trait.Backup.LINE: frozenset({"feed"}), Trait.Backup.BOTH: frozenset({"feed"}),
    Trait.Backup.BATTERY: frozenset({"battery"}),
}  # fmt: skip
"""Which remedies (`advice.remedies`) a site with such a backup has already."""


def known_of(accounts: Collection[int], *, on: date) -> list[Trait]:
    """Every trait that holds, by account and kind."""
    rows = Trait.objects.filter(account__in=accounts, period__contains=on).select_related("account")
    return list(rows.order_by("account__number", "kind"))


def without_power(accounts: Collection[int], *, on: date) -> list[str]:
    """Who is hurt there when power fails, and what they have for that day; nothing where nothing is known."""
    known = known_of(accounts, on=on)
    hurt = [one.value_words for one in known if one.kind == Trait.Kind.CRITICAL]
    have = [f"has {one.value_words.lower()}" for one in known if one.kind == Trait.Kind.BACKUP]
    return list(dict.fromkeys([*hurt, *have]))


def remedies_had(account: int, *, on: date) -> frozenset[str]:
    """The names of remedies that a site has."""
    held = Trait.objects.filter(account=account, kind=Trait.Kind.BACKUP, period__contains=on).first()
    return SPARES.get(Trait.Backup(held.value), frozenset()) if held else frozenset()


def areas(accounts: Collection[int], *, on: date) -> dict[int, int]:
    """Square feet of each account whose floor area is known."""
    rows = Trait.objects.filter(account__in=accounts, kind=Trait.Kind.AREA, period__contains=on)
    return {account: int(value) for account, value in rows.values_list("account", "value")}
