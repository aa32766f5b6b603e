"""A small place: one premise with a socket, two people, one rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from lamplighter.accounts import operations as accounts
from lamplighter.customers import operations as customers
from lamplighter.kernel.actors import staff
from lamplighter.ledger import operations as ledger
from lamplighter.ledger.chart import chart
from lamplighter.premises import operations as premises
from lamplighter.tariffs.models import Schedule

DANA = staff("dana")
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 1)


@dataclass
class Place:
    premise: object
    point: object
    luis: object
    hannah: object
    schedule: Schedule
    cycle: object

    def account(self, person):
        return accounts.open_account(
            customer=person, customer_class="residential", cycle=self.cycle, on=ON, by=DANA, at=AT
        )


@pytest.fixture
def place(db):
    return furnish()


def furnish() -> Place:
    ledger.define_codes(chart())
    city = premises.define_jurisdiction(key="marisol-bay", name="City of Marisol Bay")
    premise = premises.add_premise(
        street="1418 Pacific Ave", unit="Apt B", city="Marisol Bay", state="CA", postcode="90555", jurisdiction=city,
        by=DANA, at=AT,
    )  # fmt: skip
    return Place(
        premise=premise,
        point=premises.add_service_point(premise=premise, by=DANA, at=AT),
        luis=customers.add_human(given="Luis", family="Ortega", by=DANA, at=AT),
        hannah=customers.add_human(given="Hannah", family="Brandt", by=DANA, at=AT),
        schedule=Schedule.objects.create(
            key="mbp/R-1", utility="Marisol Bay Power", code="R-1", name="Residential", customer_class="residential"
        ),
        cycle=accounts.define_cycle(code="04", name="Harbor", by=DANA, at=AT),
    )
