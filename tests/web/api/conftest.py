"""Another program with a key, in the desk's town."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from lamplighter.kernel.money import ZERO
from lamplighter.payments import operations as payments
from lamplighter.platform.models import User
from lamplighter.platform.operations.tokens import issue_token
from lamplighter.platform.operations.users import add_user
from tests.web.desk.conftest import at_desk, built, morning, number, town
from tests.web.desk.town import NOW, OFFICE, TODAY

__all__ = ["at_desk", "built", "morning", "number", "town"]
ALL = ("accounts.view", "billing.view", "metering.view", "notes.write", "payments.take")


class Program:
    """A program that speaks to the API with its key."""

    def __init__(self, key: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **query: object):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: object):
        said = json.dumps(body, default=str)
        return self.client.post(f"/api/v1/{path}", said, content_type="application/json", headers=self.headers)


@pytest.fixture
def partner(town) -> User:
    return add_user(username="kiosk", name="Lobby kiosk", kind=User.Kind.PARTNER, by=OFFICE, at=NOW)


@pytest.fixture
def issues(partner):
    """`issues("accounts.view")` is a program whose key may only that."""
    cache.clear()
    payments.define_source(key="kiosk", name="Kiosk", kind="electronic", opening_float=ZERO, gl_code="ach-clearing")

    def issue(*scopes: str, per_minute: int = 6000) -> Program:
        _, key = issue_token(
            user=partner, label="Kiosk", scopes=scopes or ALL, per_minute=per_minute, expires_on=date(2027, 6, 1),
            on=TODAY, by=OFFICE, at=NOW, source="kiosk" if not scopes or "payments.take" in scopes else "",
        )  # fmt: skip
        return Program(key)

    return issue


@pytest.fixture
def kiosk(issues) -> Program:
    return issues()


def pays(account: str, cents: int, **more: object) -> dict[str, object]:
    return {"key": uuid4(), "account": account, "amount_cents": cents, "tender": "card", "reference": "A1", **more}
