"""A shop that may have rebates: two programs with a manual, budgets and terms, and the people who work on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import override_settings

from lamplighter.kernel.actors import staff
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.operations.limits import set_limit
from lamplighter.rebates.models import Measure, RebateProgram
from lamplighter.rebates.operations import applying, defining
from lamplighter.rebates.operations.defining import EntryIn, IncentiveIn, TermsIn
from lamplighter.rebates.queries.offers import RebateIn, draft_rebate
from lamplighter.rebates.queries.standing import missing_papers
from lamplighter.rebates.rules.qualifying import PaperKind, Way
from lamplighter.rebates.rules.savings import Factor, Saved
from lamplighter.rebates.rules.worth import Basis, Form
from tests.town import Home, Town, noon
from tests.web.conftest import make_person

ON = date(2026, 9, 10)
YEAR = Period(date(2026, 7, 1), date(2027, 7, 1))
RENEE, PETRA, JOEL = staff("renee"), staff("petra"), staff("joel")
FACTOR = Factor(Decimal(250), "Invented")
NONE = Saved(Decimal(0), Decimal(0), Decimal(0), 10)
BUSINESS = ("commercial", "industrial", "government")
TERMS = TermsIn(180, 0, "seed-1", None, 60, 90, 80, "Resolution 2026-4")


@dataclass
class Shop:
    """The shop and its programs, with acts in few words."""

    town: Town
    home: Home
    lamps: Measure
    custom: Measure

    def asks(self, quantity="60", cost=900_000, *, measure=None, way=Way.CREDIT, home=None, on=ON, **more):
        asked = RebateIn(measure or self.lamps, (home or self.home).agreement, Decimal(quantity), Money(cost), way,
                         **more)  # fmt: skip
        shown = draft_rebate(asked, on=on).digest
        return applying.apply_for_rebate(asked=asked, shown=shown, on=on, by=JOEL, at=noon(on))

    def brings(self, one, *, on=ON):
        for kind in missing_papers(one):
            file, _ = store_file([kind.encode()], name=f"{kind}.pdf", media_type="application/pdf", by=JOEL,
                                 at=noon(on))  # fmt: skip
            applying.bring_rebate_papers(application=one, kind=kind, files=[file], by=JOEL, at=noon(on))

    def finishes(self, one, *, on=ON + timedelta(days=20), quantity=None, cost=None):
        self.brings(one, on=on)
        return applying.tell_done(
            application=one, installed_on=on - timedelta(days=3), quantity=Decimal(quantity or one.quantity),
            cost=cost or one.cost, on=on, by=JOEL, at=noon(on),
        )  # fmt: skip


def furnish(town: Town, home: Home) -> Shop:
    """Programs at a home; Renee is there."""
    make_person("petra", "Petra Lind", "program-staff")
    began, at = date(2026, 1, 1), noon(date(2026, 1, 1))
    for role, permission, cents in (
        ("program-staff", "rebates.work", 500_000), ("supervisor", "rebates.approve", 5_000_000)
    ):  # fmt: skip
        set_limit(role=role, permission=permission, amount=Money(cents), on=began, by=RENEE, at=at)
    program = defining.define_rebate_program(
        code="efficiency", name="Business efficiency", words="We pay a part of what saves power.",
        gl_code="rebates-efficiency", by=RENEE, at=at,
    )  # fmt: skip
    defining.set_rebate_terms(program=program, terms=TERMS, on=began, by=RENEE, at=at)
    defining.set_rebate_budget(
        program=program, year=YEAR, amount=Money(1_000_000), citation="Resolution 2026-5", by=RENEE, at=at
    )
    lamps = _measure(program, "high-bay", "High-bay LED lamps", "lamps", Basis.DEEMED, "", EntryIn(
        "MB-TRM 2026, 4.2", "Invented for tests", Saved(Decimal(210), Decimal("0.06"), Decimal(0), 12), Decimal(45),
        50, Money(1_000_000), BUSINESS, (PaperKind.INVOICE, PaperKind.SPEC),
    ), began, at)  # fmt: skip
    custom = _measure(program, "custom", "Custom efficiency", "kWh of the first year", Basis.MEASURED,
                      "efficiency.kwh", EntryIn(
        "MB-TRM 2026, 9.1", "Invented for tests", NONE, Decimal("0.12"), 60, None, BUSINESS, (PaperKind.INVOICE,),
    ), began, at)  # fmt: skip
    return Shop(town, home, lamps, custom)


def gives(shop: Shop, form: Form, value: str, *, stacks=True, name="Clean Grant"):
    grant = IncentiveIn("State", name, form, Decimal(value), None, stacks, "Invented for tests")
    return defining.set_incentive(measure=shop.lamps, incentive=grant, on=date(2026, 1, 1), by=RENEE, at=noon(ON))


def program_of(shop: Shop) -> RebateProgram:
    return shop.lamps.program


def _measure(*asked):
    program, code, name, unit, basis, answers, entry, began, at = asked
    made = defining.define_measure(
        code=code, program=program, name=name, unit=unit, basis=basis, answers=answers, by=RENEE, at=at
    )
    defining.set_entry(measure=made, entry=entry, on=began, by=RENEE, at=at)
    return made


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """Built once a module, in a transaction that is thrown away."""
    folder = tmp_path_factory.mktemp("rebates")
    kept = override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder)
    with kept, django_db_blocker.unblock(), transaction.atomic():
        town = Town(date(2026, 8, 3))
        home = town.moves_in("Buoy", town.adopts_book("marisol-bay-power/gs-1_2026-07-01.toml", "commercial"))
        make_person("renee", "Renee Abernathy", "supervisor")
        yield furnish(town, home)
        transaction.set_rollback(True)


@pytest.fixture
def shop(built, db):
    return built
