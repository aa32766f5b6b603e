"""Roles, and duties that nobody may hold together."""

from datetime import UTC, date, datetime

import pytest

from lamplighter.kernel.actors import staff
from lamplighter.platform.access import PERMISSIONS, ROLES, conflicts, permissions_of
from lamplighter.platform.models import Event, PastRow, User
from lamplighter.platform.operations.users import CannotGrant, add_user, end_role, grant_role
from lamplighter.platform.queries.users import permissions_on

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 20)
ADMIN = staff("ada")


@pytest.mark.parametrize("role", ROLES)
def test_no_role_holds_what_must_be_apart(role):
    assert conflicts([role]) == ()


def test_every_permission_is_held_by_some_role():
    assert permissions_of(ROLES) == set(PERMISSIONS)


def test_an_auditor_changes_nothing():
    assert all(p.endswith(".view") for p in permissions_of(["auditor"]))


@pytest.fixture
def dana(db):
    return add_user(username="dana", name="Dana Reyes", kind=User.Kind.STAFF, by=ADMIN, at=AT)


def test_a_role_is_granted_for_a_period(dana):
    grant = grant_role(user=dana, role="csr", on=ON, by=ADMIN, at=AT)
    assert "payments.take" in permissions_on(dana, on=ON)
    assert permissions_on(dana, on=date(2026, 11, 19)) == frozenset()
    end_role(grant=grant, on=date(2026, 12, 1), by=ADMIN, at=AT)
    assert permissions_on(dana, on=date(2026, 12, 1)) == frozenset()
    assert PastRow.objects.get(table_name="platform_rolegrant").was["period"] == "[2026-11-20,)"
    assert list(Event.objects.order_by("id").values_list("name", flat=True)) == [
        "platform.user.added", "platform.role.granted", "platform.role.ended",
    ]  # fmt: skip


def test_a_cashier_may_not_verify_drawers(dana):
    grant_role(user=dana, role="csr", on=ON, by=ADMIN, at=AT)
    with pytest.raises(CannotGrant, match="who takes cash does not verify it"):
        grant_role(user=dana, role="head-cashier", on=ON, by=ADMIN, at=AT)


def test_nobody_grants_to_themselves(dana):
    with pytest.raises(CannotGrant, match="themselves"):
        grant_role(user=dana, role="csr", on=ON, by=dana.actor, at=AT)


def test_a_customer_holds_no_role(db):
    customer = add_user(username="thihoa", name="Thi Hoa Nguyen", kind=User.Kind.CUSTOMER, by=ADMIN, at=AT)
    with pytest.raises(CannotGrant, match="not staff"):
        grant_role(user=customer, role="csr", on=ON, by=ADMIN, at=AT)


def test_an_unknown_role_names_the_known_ones(dana):
    with pytest.raises(CannotGrant, match="Roles are csr"):
        grant_role(user=dana, role="boss", on=ON, by=ADMIN, at=AT)
