"""Money is given back alone within a limit, and by a second person with a higher one above it."""

from datetime import date

import pytest

from lamplighter.billing.models import Adjustment
from lamplighter.billing.operations.crediting import credit
from lamplighter.billing.rules import CannotBill
from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.ledger.queries import balances, differences
from lamplighter.platform.models import Approval
from lamplighter.platform.operations.approvals import CannotDecide, approve
from lamplighter.platform.operations.limits import CannotLimit, set_limit
from lamplighter.platform.operations.users import add_user, grant_role
from lamplighter.platform.queries.limits import limit_of
from tests.town import FLAT, NIGHTLY

CLERK, LEAD, BOSS = staff("clerk"), staff("lead"), staff("boss")
ON = date(2026, 9, 1)


@pytest.fixture
def people(town):
    """A clerk with $50 alone, a supervisor with $500."""
    for name, role, permission, cents in (
        ("clerk", "csr", "adjustments.ask", 5000),
        ("lead", "supervisor", "adjustments.approve", 50000),
    ):
        user = add_user(username=name, name=name, kind="staff", by=NIGHTLY, at=town.at)
        grant_role(user=user, role=role, on=ON, by=NIGHTLY, at=town.at)
        set_limit(role=role, permission=permission, amount=Money(cents), on=ON, by=NIGHTLY, at=town.at)


@pytest.fixture
def ada(town, people):
    home = town.on("2026-09-01").moves_in("Ada", town.adopts(FLAT))
    return home.agreement


def give(town, agreement, cents, by=CLERK, key="one"):
    return credit(
        agreement=agreement, reason="goodwill", amount=Money(cents), remark="a long outage", key=key, on=town.today,
        by=by, at=town.at,
    )  # fmt: skip


def test_within_the_limit_it_is_posted_at_once(town, ada):
    made = give(town, ada, 5000)
    assert isinstance(made, Adjustment)
    assert balances([ada.subledger_id])[ada.subledger_id].current == Money(-5000)
    assert differences() == []


def test_above_it_a_second_person_decides(town, ada):
    asked = give(town, ada, 5001)
    assert isinstance(asked, Approval)
    assert not Adjustment.objects.exists()
    with pytest.raises(CannotDecide, match="own request"):
        approve(approval=asked, by=CLERK, at=town.at)
    approve(approval=asked, by=LEAD, at=town.at)
    assert Adjustment.objects.get().amount == Money(-5001)
    with pytest.raises(CannotDecide, match="already approved"):
        approve(approval=asked, by=LEAD, at=town.at)


def test_nobody_decides_beyond_their_own_limit(town, ada):
    asked = give(town, ada, 50001)
    with pytest.raises(CannotDecide, match=r"\$500.01 is over your limit of \$500.00"):
        approve(approval=asked, by=LEAD, at=town.at)
    with pytest.raises(CannotDecide, match="no limit"):
        approve(approval=asked, by=BOSS, at=town.at)
    assert not Adjustment.objects.exists()


def test_a_credit_is_more_than_nothing(town, ada):
    with pytest.raises(CannotBill, match="more than"):
        give(town, ada, 0)


def test_a_limit_runs_until_the_next(town, people):
    set_limit(role="csr", permission="adjustments.ask", amount=Money(100), on=date(2026, 10, 1), by=NIGHTLY, at=town.at)
    assert limit_of(CLERK, "adjustments.ask", on=date(2026, 9, 30)) == Money(5000)
    assert limit_of(CLERK, "adjustments.ask", on=date(2026, 10, 1)) == Money(100)
    assert limit_of(CLERK, "adjustments.ask", on=date(2026, 8, 31)) is None
    assert limit_of(NIGHTLY, "adjustments.ask", on=ON) is None


@pytest.mark.parametrize(
    ("role", "permission", "cents", "why"),
    [
        ("king", "adjustments.ask", 1, "no role"),
        ("supervisor", "adjustments.ask", 1, "does not hold"),
        ("csr", "adjustments.ask", -1, "zero or more"),
        ("csr", "adjustments.ask", 1, "set already"),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_limit_that_means_nothing_is_refused(town, role, permission, cents, why):
    with pytest.raises(CannotLimit, match=why):
        set_limit(role=role, permission=permission, amount=Money(cents), on=ON, by=NIGHTLY, at=town.at)
