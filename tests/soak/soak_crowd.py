"""The desks of a utility with a million customers: no question that a page asks reads a large table from end to end.

Pages are opened as people open them; each query that they ask is explained by PostgreSQL and timed.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tests.kills.site import site

PEOPLE = 1_000_000
LARGE = 10_000  # rows; smaller tables may be read whole
SLOW = 5.0  # seconds for one query, on a machine that does other work
SPELLED = re.compile(r"\s*(SELECT|WITH)\b")
PATHS = (
    "/desk/accounts/", "/desk/accounts/?q=a", "/desk/accounts/{number}/", "/desk/accounts/{number}/money/",
    "/desk/accounts/{number}/ledger/", "/desk/accounts/{number}/usage/", "/desk/accounts/{number}/service/",
    "/desk/accounts/{number}/history/", "/desk/accounts/{number}/do/pay/", "/desk/counter/", "/desk/work/",
    "/desk/billing/", "/desk/billing/parked/", "/desk/billing/again/", "/desk/readings/", "/desk/premises/{premise}/",
    "/desk/meters/{badge}/", "/desk/receipts/{receipt}/", "/lead/approvals/", "/admin-desk/users/",
    "/admin-desk/templates/", "/admin-desk/imports/", "/admin-desk/audit/", "/admin-desk/audit/?actor=u7",
    "/admin-desk/audit/?actor=nobody", "/admin-desk/audit/?subject=account:77", "/admin-desk/audit/?since=2020-02-01",
    "/admin-desk/audit/reads/", "/admin-desk/audit/reads/?actor=u7", "/admin-desk/audit/rows/",
    "/admin-desk/audit/rows/?actor=u7", "/admin-desk/audit/rows/?table=accounts_account&row=77",
)  # fmt: skip


KNOWN = "outbox"
"""What waits is told by steps that are never changed, so all notices are looked through: slow, not wrong."""


def soak(seconds: float, seed: int) -> str:
    """Once; the minutes decide how many customers there are: from half an hour on a million, whose writing takes it."""
    from tests.soak.crowd import fill

    people = PEOPLE if seconds >= 1800 else PEOPLE // 20
    with site() as world:
        os.environ.update(world.environment)
        boot()
        fill(world.url, people)
        found = list(questions(seed, people))
        whole = [
            one for one in found if one["whole"] and "COUNT(*)" not in one["sql"] and not one["page"].startswith(KNOWN)
        ]
        wrong = [one for one in found if one["seconds"] > SLOW or one in whole]
        assert not wrong, "\n".join("{page}: {whole} {seconds:.2f} s\n{sql}".format(**one) for one in wrong)
    slowest = sorted(found, key=lambda one: -one["seconds"])[:5]
    told = ", ".join("{page} {seconds:.2f} s".format(**one) for one in slowest)
    return (
        f"{people:,} customers: {len(found)} queries of {len({one['page'] for one in found})} pages and jobs; none but "
        f"counts and the outbox reads a large table whole. The slowest: {told}."
    )


def boot() -> None:
    os.environ["PYTEST_VERSION"] = "static files from their folders"
    from lamplighter.cli.booting import boot as up

    up()


def questions(seed: int, people: int) -> Iterator[dict[str, Any]]:
    """Every query that is asked, by the page that asks it: its text, seconds, and the large tables it reads whole."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    large = _large()
    seen: set[str] = set()
    for page, opened in _pages(seed, people):
        with CaptureQueriesContext(connection) as asked:
            opened()
        for query in asked.captured_queries:
            sql = query["sql"]
            if not SPELLED.match(sql) or sql in seen:
                continue
            seen.add(sql)
            yield {"page": page, "sql": sql, **_explained(sql, large)}


def _pages(seed: int, people: int) -> Iterator[tuple[str, Any]]:
    from django.test import Client
    from django.utils import timezone

    from lamplighter.accounts.models import Account
    from lamplighter.jobs.notices import WAYS, waiting
    from lamplighter.platform.access import ROLES
    from lamplighter.platform.models import User
    from lamplighter.platform.numbering import next_number
    from lamplighter.platform.queries.events import events_about
    from lamplighter.worklist.queries import by_desk, open_items, tallies

    one = 1 + seed % people
    account = Account.objects.get(pk=one)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(_somebody(User, ROLES))
    name = account.roles.get().person.name
    for text in (
        name[:9],
        name,
        account.number,
        "OLD" + str(one),
        "(510) 555",
        "E-1000" + str(one % 10_000),
        "apt 17",
        f"{account.agreements.first().premise.address}",
        "999",
        str(20_000 + one),
        "$52.07",
        "nguyan",
    ):
        yield f"search {text}", lambda text=text: _opened(client, "/desk/find/?" + urlencode({"q": text}))
    for pattern in PATHS:
        path = pattern.format(
            number=account.number, premise=f"{one}-{one % 10}", badge=f"E-{10_000_000 + one}",
            receipt=f"{20_000 + one}-{one % 10}",
        )  # fmt: skip
        yield path, lambda path=path: _opened(client, path)
    at = timezone.now()
    yield "worklist", lambda: list(open_items(at=at, kind="billing.parked")[:50])
    yield "worklist of a desk", lambda: by_desk(tallies(at=at))
    for channel in WAYS:
        yield f"outbox {channel}", lambda channel=channel: list(waiting(channel)[:1000])
    yield "timeline", lambda: list(events_about(account=one)[:50])
    yield "numbering", lambda: next_number("account")


def _opened(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _large() -> set[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [LARGE])
        return {name for (name,) in cursor.fetchall()}


def _explained(sql: str, large: set[str]) -> dict[str, Any]:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        begun = time.monotonic()
        cursor.execute(f"EXPLAIN (FORMAT JSON, ANALYZE, TIMING OFF) {sql.replace('%', '%%')}", [])
        seconds = time.monotonic() - begun
        plan = cursor.fetchone()[0]
    found = json.loads(plan) if isinstance(plan, str) else plan
    return {"seconds": seconds, "whole": sorted(set(_whole(found[0]["Plan"])) & large)}


def _whole(node: dict[str, Any]) -> Iterator[str]:
    """Tables that a plan reads from end to end; an index that is walked in the order wanted is none."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for part in node.get("Plans", ()):
        yield from _whole(part)


def _somebody(users: Any, roles: Any) -> Any:
    """Dana, who may see everything: a role of every desk."""
    from lamplighter.kernel.periods import Period
    from lamplighter.platform.models import RoleGrant

    dana = users.objects.get(username="dana")
    for role in roles:
        RoleGrant.objects.get_or_create(user=dana, role=role, period=Period(date(2020, 1, 2)), granted_by="system:soak")
    return dana
