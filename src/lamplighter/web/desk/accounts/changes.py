"""What rows of an account were before they were changed: the fields that differ from what came after, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from lamplighter.accounts.queries import Profile
from lamplighter.platform.models import PastRow
from lamplighter.web.naming import named

SHOWN = 500
QUIET = {"id", "subledger_id", "history"}
WHAT = {
    "accounts_account": "Account",
    "accounts_accountrole": "Person on the account",
    "accounts_agreement": "Agreement",
    "accounts_agreementrate": "Rate",
    "accounts_agreementpoint": "Service point",
    "accounts_agreementfact": "Fact",
}
NOW = " UNION ALL ".join(
    f"SELECT '{table}', id::text, to_jsonb(r) FROM {table} r WHERE id = ANY(%(ids)s::bigint[])"  # noqa: S608 - our own
    for table in WHAT
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One past state of a row: what differed then."""

    changed_at: datetime
    actor: str
    what: str
    was: str


def changes(known: Profile) -> list[Change]:
    """Newest first: of the account itself, its roles, and its agreements with their rates, points and facts."""
    rows = list(
        PastRow.objects.filter(_mine(known)).annotate(name=named("actor")).order_by("-changed_at", "-id")[:SHOWN]
    )
    after = _now([row.row_id for row in rows])
    found = []
    for row in rows:
        key = row.table_name, row.row_id
        found.append(Change(row.changed_at, row.name, WHAT[row.table_name], _was(row.was, after.get(key))))
        after[key] = row.was
    return found


def _mine(known: Profile) -> Q:
    account, agreements = known.account.pk, [service.agreement.pk for service in known.services]
    found = Q(table_name="accounts_account", row_id=str(account))
    found |= Q(table_name__in=["accounts_accountrole", "accounts_agreement"], was__account_id=account)
    parts = ["accounts_agreementrate", "accounts_agreementpoint", "accounts_agreementfact"]
    return found | Q(table_name__in=parts, was__agreement_id__in=agreements)


def _now(ids: list[str]) -> dict[tuple[str, str], Row]:
    """What these rows are now, by table and id; those that were removed are not there."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NOW, {"ids": ids})
        return {(table, key): json.loads(row) for table, key, row in cursor.fetchall()}


def _was(row: Row, after: Row | None) -> str:
    """`Dispatch paper`: the fields that differ; the whole row where it was removed."""
    told = {name: value for name, value in row.items() if name not in QUIET}
    if after is not None:
        told = {name: value for name, value in told.items() if after.get(name) != value}
    words = ", ".join(f"{_label(name)} {value if value not in (None, '') else 'empty'}" for name, value in told.items())
    return words if after is not None else f"{words} (removed)"


def _label(column: str) -> str:
    words = column.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:]
