"""Where service starts is said by an address; where that is not enough, by the number of one of its service points."""

from __future__ import annotations

import pytest
from django.forms import ValidationError

from lamplighter.accounts.models import Agreement
from lamplighter.premises.models import ServicePoint
from lamplighter.web.desk.service.places import AddressField

from .conftest import account_of


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
