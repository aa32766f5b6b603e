"""What money may end or bring back for some accounts: asked at once, since for most of them it is nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from lamplighter.fieldwork.rules import OPEN
from lamplighter.fieldwork.types import NON_PAYMENT, OrderKind
from lamplighter.metering.models import SwitchState

AT_STAKE = """
SELECT
  EXISTS (SELECT FROM credit_process WHERE account_id = ANY(mine.keys) AND ended_on IS NULL),
  EXISTS (SELECT FROM credit_arrangement WHERE account_id = ANY(mine.keys) AND ended_on IS NULL),
  EXISTS (SELECT FROM fieldwork_order WHERE account_id = ANY(mine.keys)
    AND kind = %(cut)s AND reason = %(debt)s AND state = ANY(%(open)s)),
  EXISTS (SELECT FROM metering_switchstate s JOIN accounts_agreementpoint u ON u.point_id = s.point_id
    JOIN accounts_agreement a ON a.id = u.agreement_id
    WHERE a.account_id = ANY(mine.keys) AND a.cancelled_at IS NULL AND u.use = 'add'
    AND u.period @> %(day)s::date AND s.state = %(off)s AND s.span @> %(at)s),
  EXISTS (SELECT FROM credit_writeoff WHERE account_id = ANY(mine.keys)),
  EXISTS (SELECT FROM credit_ageingstyle WHERE account_id = ANY(mine.keys) AND style = 'open')
    OR EXISTS (SELECT FROM credit_ageingterms WHERE open_classes <> '{}')
FROM (SELECT %(accounts)s::bigint[] AS keys) AS mine
"""


class Stakes(NamedTuple):
    """Whether any of the accounts is collected from, pays over time, awaits a cut for its debt, is off, has a debt
    that was written off, or may be aged by open items."""

    collected: bool
    on_plan: bool
    to_be_cut: bool
    off: bool
    written_off: bool
    by_items: bool


def stakes_of(accounts: Collection[int], *, at: datetime) -> Stakes:
    """One question whatever their number."""
    told: dict[str, Any] = {
        "accounts": list(accounts), "cut": OrderKind.DISCONNECT.value, "debt": NON_PAYMENT, "open": list(OPEN),
        "off": SwitchState.State.OFF.value, "at": at,
        "day": at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(AT_STAKE, told)
        (found,) = cursor.fetchall()
    return Stakes(*found)
