"""Where service starts is said by an address; where that is not enough, by the number of one of its service points."""

from __future__ import annotations

import pytest
from django.forms import ValidationError

from lamplighter.accounts.models import Agreement
from lamplighter.fieldwork.operations.ordering import OrderIn, request_order
from lamplighter.fieldwork.types import OrderKind
from lamplighter.metering.models import Installation
from lamplighter.premises.models import ServicePoint
from lamplighter.web.desk.service.places import AddressField
from lamplighter.web.desk.service.standing import standing_facts

from .conftest import account_of
from .town import DANA, NOW, TODAY


def test_of_several_points_at_one_address_none_is_taken_unasked(town, number):
    hers = account_of(number("Gwen Pruitt"))
    premise = Agreement.objects.filter(account=hers, premise__isnull=False).latest("pk").premise
    first = premise.service_points.get()
    assert AddressField().clean(premise.address) == AddressField().clean(premise.number) == first
    second = ServicePoint.objects.create(number="SP-BARN-2", premise=premise, commodity=first.commodity)
    with pytest.raises(ValidationError, match=f"several service points: {first.number}, SP-BARN-2"):
        AddressField().clean(premise.address)
    assert AddressField().clean("SP-BARN-2") == second
    assert AddressField().clean(first.number) == first


def test_before_a_start_is_confirmed_its_meter_last_dials_and_open_orders_are_told(town, number):
    hers = account_of(number("Pat Kowalczyk"))
    point = Agreement.objects.filter(account=hers, premise__isnull=False).latest("pk").premise.service_points.get()
    badge = Installation.objects.get(point=point, span__contains=NOW).meter.badge
    asked = OrderIn(OrderKind.READ, point, TODAY, hers, origin="test", origin_key="test:1")
    order = request_order(order=asked, by=DANA, at=NOW)
    told = {fact.label: str(fact.value) for fact in standing_facts(point, on=TODAY, at=NOW)}
    assert told["Meter"].startswith(badge)
    assert " on " in told["Dials showed last"]
    assert told["Open orders there"] == f"SO-{order.number}, {order.label}"
