"""People with a role, signed in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from lamplighter.kernel.actors import staff
from lamplighter.platform.models import User
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.platform.transactions import unit_of_work

LONG_AGO = datetime(2020, 1, 2, tzinfo=UTC)
PASSWORD = "correct horse battery"


def make_person(username: str, name: str, role: str = "", *, kind: str = "") -> User:
    """A login with a role held since long ago; without a role, a customer."""
    by = staff("setup")
    kind = kind or (User.Kind.STAFF if role else User.Kind.CUSTOMER)
    with unit_of_work(by):
        user = add_user(username=username, name=name, kind=kind, password=PASSWORD, by=by, at=LONG_AGO)
        if role:
            grant_role(user=user, role=role, on=date(2020, 1, 2), by=by, at=LONG_AGO)
    return user


@pytest.fixture
def signed_in(db):
    """`signed_in("csr")` is a browser without a window, in which somebody with that role is signed in."""

    def sign_in(role: str = "", *, kind: str = "") -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(make_person(role or kind or "thihoa", "Dana Reyes", role, kind=kind))
        return client

    return sign_in


@pytest.fixture
def desk(signed_in) -> Client:
    return signed_in("csr")
