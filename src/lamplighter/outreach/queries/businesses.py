"""Who does the same business as an account, by the beginning of its NAICS code that enough others share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.keyaccounts.queries.loads import PEERS
from lamplighter.outreach.models import Trait

LEAST_DIGITS = 3
"""Of a code: a subsector, such as 722 for restaurants. With fewer, hotels would stand beside them."""


@dataclass(frozen=True, slots=True)
class Alike:
    """`code` is the account's own; `accounts` the others whose code begins with `digits`, none where they are too few
    to hide each other."""

    code: str
    digits: str = ""
    accounts: frozenset[int] = frozenset()


def same_business(account: Account, *, on: date) -> Alike | None:
    """By as many digits as enough others share; None where its own code is not known."""
    code = _codes(on).get(account.pk, "")
    if not code:
        return None
    others = {pk: theirs for pk, theirs in _codes(on, begins=code[:LEAST_DIGITS]).items() if pk != account.pk}
    for length in range(len(code), LEAST_DIGITS - 1, -1):
        alike = frozenset(pk for pk, theirs in others.items() if theirs.startswith(code[:length]))
        if len(alike) >= PEERS:
            return Alike(code, code[:length], alike)
    return Alike(code)


def _codes(on: date, *, begins: str = "") -> dict[int, str]:
    """What is known of accounts, and else of the organisation whose account it is."""
    held = AccountRole.objects.filter(role=AccountRole.Role.MAIN, period__contains=on)
    theirs = held.filter(person__organisation__business_code__startswith=begins)
    theirs = theirs.exclude(person__organisation__business_code="")
    known = Trait.objects.filter(kind=Trait.Kind.BUSINESS, value__startswith=begins, period__contains=on)
    return dict(theirs.values_list("account", "person__organisation__business_code")) | dict(
        known.values_list("account", "value")
    )
