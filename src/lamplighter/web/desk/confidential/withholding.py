"""Papers that were written before an address became confidential name it still: they need the permission too."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from lamplighter.accounts.models import AccountRole
from lamplighter.notices.models import Notice
from lamplighter.web.access import permissions, refuse
from lamplighter.web.loading import note_access

NEEDED = "addresses.protect"


def refuse_withheld(request: HttpRequest, notices: Sequence[Notice]) -> None:
    """One query. Whoever holds the permission goes on, and it is kept that they read it."""
    since = dict(
        AccountRole.objects.filter(
            account__in=[one.account for one in notices if one.account], role=AccountRole.Role.MAIN,
            person__address_protections__isnull=False, person__address_protections__ended_on=None,
        ).values_list("account", "person__address_protections__begun_at")
    )  # fmt: skip
    held = [one for one in notices if one.account in since and one.composed_at < since[one.account]]
    if held and NEEDED not in permissions(request):
        refuse(NEEDED, f"{held[0].number} was written before its address became confidential.")
    for one in held:
        note_access(request, one.key, NEEDED)
