"""From a URL to an object: the only way, and it says no. What is not there, and what is not for you, differ in words.

Staff never work on accounts of their own person. Reading what is sensitive is recorded.
"""

from __future__ import annotations

from typing import NoReturn

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from lamplighter.accounts.models import Account, AccountRole
from lamplighter.metering.models import Meter
from lamplighter.platform.access import PERMISSIONS
from lamplighter.platform.operations.events import record_access
from lamplighter.premises.models import Premise
from lamplighter.web.access import Refused, actor, require
from lamplighter.web.visits import visit


def load_account(request: HttpRequest, number: str, *, to: str) -> Account:
    """The account with this number, for somebody who may do `to` (a permission) and is not on it themselves."""
    require(request, to)
    seen = visit(request)
    own = AccountRole.objects.filter(account=OuterRef("pk"), person__login=seen.user, period__contains=seen.on)
    rows = Account.objects.filter(number=number).select_related("cycle").annotate(own=Exists(own))
    found = rows.first()
    if found is None:
        _not_found(f"There is no account {number}.")
    if seen.user is not None and found.own:
        raise Refused(to, "This is your own account, or you stand on it. Ask a colleague.")
    return found


def load_premise(request: HttpRequest, number: str, *, to: str) -> Premise:
    require(request, to)
    found = Premise.objects.filter(number=number).select_related("jurisdiction").first()
    return found or _not_found(f"There is no premise {number}.")


def load_meter(request: HttpRequest, badge: str, *, to: str) -> Meter:
    require(request, to)
    found = Meter.objects.filter(badge=badge).first()
    return found or _not_found(f"There is no meter {badge}.")


def note_access(request: HttpRequest, subject: str, permission: str) -> None:
    """Record that somebody read something sensitive."""
    assert permission in PERMISSIONS, permission
    record_access(subject=subject, permission=permission, by=actor(request), at=visit(request).at)


def _not_found(message: str) -> NoReturn:
    raise Http404(message)
