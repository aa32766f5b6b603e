"""Two kinds of work and three people who do it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import connection

from lamplighter.kernel.actors import staff, system
from lamplighter.platform.operations.users import add_user
from lamplighter.worklist import kinds
from lamplighter.worklist.kinds import Desk, ItemKind
from lamplighter.worklist.operations import Draft, raise_items
from lamplighter.worklist.rules import WithinHours, WorkingDays

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)  # Friday, 10 am in California
DANA, MEI_LING, RENEE, NIGHT = staff("dana"), staff("meiling"), staff("renee"), system("nightly")
RETURNED = ItemKind(
    "payments.returned", "Returned payments", Desk.SERVICE, "payments.reverse", WorkingDays(0), "desk:returned",
    (("reversed", "Reverse it"), ("redeposited", "Deposit it again")),
)  # fmt: skip
SILENT = ItemKind(
    "usage.silent-meter", "Meter not reporting", Desk.METERS, "reads.decide", WorkingDays(3), "desk:meter",
    (("estimated", "Estimate"), ("visited", "Send a visit")),
)  # fmt: skip
THREAT = ItemKind("cases.threat", "Threats", Desk.LEAD, "team.lead", WithinHours(1), "lead:threat", (("met", "Met"),))


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(kinds, "_declared", {})
    for kind in (RETURNED, SILENT, THREAT):
        kinds.declare(kind)


def returned(key="payment:1", account=7, **more):
    return Draft(RETURNED.key, key, "Check returned, $60.00", account=account, data={"cents": 6000}, **more)


def silent(serial, **more):
    return Draft(SILENT.key, f"meter:{serial}", "No reads for 3 days", **more)


@pytest.fixture
def raised(db):
    def put(*drafts, at=AT):
        return raise_items(drafts=drafts, at=at, by=NIGHT)

    return put


@pytest.fixture
def mei_ling(db):
    return add_user(username="meiling", name="Mei-Ling Tso", kind="staff", by=NIGHT, at=AT)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Real commits, for tests of two people at once. Django's own flush would be refused by append-only tables."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            for model in apps.get_models():
                if model.__module__.startswith("lamplighter."):
                    cursor.execute(f"DELETE FROM {model._meta.db_table}")
        connection.close()
