"""A meter is doubted, tested and put right at the desk; lots come in, wait for samples and go out on trucks."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from lamplighter.billing.models import Adjustment
from lamplighter.fieldwork.models import Order
from lamplighter.fieldwork.reports import ReportIn
from lamplighter.journeys.completing import report_order
from lamplighter.metering.models import MeterTest, Whereabouts
from lamplighter.metering.queries import sample
from lamplighter.metering.rules import sample_of
from lamplighter.platform.models import Approval
from lamplighter.worklist.models import Item
from tests.town import DANA
from tests.web.conftest import make_person
from tests.web.desk.conftest import words
from tests.web.desk.town import NOW
from tests.web.filling import fills

BADGES = "\n".join(f"E-60000{number}" for number in range(9))
SERIES = {name: Decimal(shown) for name, shown in (
    ("full_load", 104), ("light_load", 104), ("left_full", 100), ("left_light", 100),
)}  # fmt: skip
LOADS = {"found_full": "104.2", "found_light": "103.2"}


@pytest.fixture
def technician(at_desk, town):
    make_person("wen", "Wendell Sato", "meter-technician")
    return at_desk("wen")


def done(answer):
    assert answer.status_code in {200, 204, 303}, words(answer)
    return answer


def test_a_customer_doubts_the_meter_and_its_bills_are_put_right(dana, at_desk, town):
    home = town.homes["Dele Adeyemi"]
    badge = home.channel.meter.badge
    page = f"/desk/meters/{badge}/"
    assert "Have it tested" in words(dana.get(page))
    asked = dana.get(f"{page}do/ask-test/")
    assert "Say: a test costs $40.00" in words(asked)
    done(fills(dana, f"{page}do/ask-test/", where="field"))
    order = Order.objects.get(origin="meter-test")
    assert (order.kind, order.account) == ("test", home.account)
    fee = Adjustment.objects.get(agreement=home.agreement, label="Meter test")
    assert fee.amount.cents == 4000

    found = ReportIn(uuid4(), done=True, found_at=NOW, **SERIES)
    report_order(order=order, report=found, by=DANA, at=NOW)
    shown = words(at_desk("tuan").get(page))
    assert "104.000" in shown
    assert "Fast" in shown
    assert "Correct bills" not in shown, "who takes calls does not bill"
    (item,) = Item.objects.waiting().filter(kind="fieldwork.wrong-meter")
    iris = at_desk("iris")
    assert f'href="{page}"' in iris.get(f"/desk/work/{item.pk}/").content.decode()
    assert "Correct bills" in words(iris.get(page))
    url = f"{page}tests/{MeterTest.objects.get().pk}/do/correct/"
    opened = words(iris.get(url))
    assert "A second person decides" in opened
    assert "104 % on average" in opened
    form = iris.get(url).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    looked = words(iris.post(url, {name: value for name, value in filled.items() if value}))
    assert "becomes $" in looked
    assert "Decides a supervisor" in looked
    done(fills(iris, url))
    assert Approval.objects.filter(kind="billing.amendment", decided_at=None).exists()


def test_a_lot_is_received_sampled_on_a_list_and_taken_by_a_truck(technician):
    more = {"badges": BADGES, "maker": "Estuary", "model": "Q4", "lot": "EST-2026-7", "accuracy_class": "0.5"}
    done(fills(technician, "/desk/meters/do/receive/", kind="hourly", sample="", **more))
    assert "EST-2026-7" in words(technician.get("/desk/meters/lots/"))
    listed = words(technician.get("/desk/meters/lots/EST-2026-7/"))
    assert "3 of 3 still to be tested" in listed, "ANSI/ASQ Z1.4 tests three of nine"
    chosen = sample_of(BADGES.split(), lot="EST-2026-7", count=3)
    for badge in chosen:
        assert f"Meter {badge} To be tested" in listed
        entered = {"why": "sample", "found_full": "100.2", "found_light": "99.8", "standard": "RM-10"}
        done(fills(technician, f"/desk/meters/{badge}/do/test/", **entered))
    assert "Accepted: 3 tested" in words(technician.get("/desk/meters/lots/EST-2026-7/"))
    (test, *_) = MeterTest.objects.all()
    assert (test.where, test.standard, sample(test.meter.lot.lot).accepted) == ("shop", "RM-10", True)

    assert "In the warehouse" in words(technician.get("/desk/meters/?lot__lot__number=est-2026-7"))
    refused = fills(technician, "/desk/meters/do/move/", badges=BADGES, place="truck", crew=None)
    assert "Name the truck" in words(refused)
    done(fills(technician, "/desk/meters/do/move/", badges=BADGES, place="shop"))
    assert Whereabouts.objects.filter(place="shop", span__endswith__isnull=True).count() == 9
    assert "In the meter shop" in words(technician.get("/desk/meters/"))


@pytest.mark.parametrize(("changed", "why"), [
    ({"left_full": "100"}, "Enter both loads, or neither."), ({"tested_on": "2026-12-24"}, "This lies ahead."),
    ({"found_full": "201"}, "“Found at full load (%)” is 200 at most."),
])  # fmt: skip
def test_a_test_that_cannot_be_is_refused_in_words(technician, town, changed, why):
    badge = town.homes["Dele Adeyemi"].channel.meter.badge
    answer = fills(technician, f"/desk/meters/{badge}/do/test/", why="suspected", **{**LOADS, **changed})
    assert why in words(answer)
    assert not MeterTest.objects.filter(why="suspected").exists()


def test_who_may_not_is_told_who_may(dana, technician, town):
    badge = town.homes["Dele Adeyemi"].channel.meter.badge
    assert dana.get(f"/desk/meters/{badge}/do/test/").status_code == 403
    assert dana.get("/desk/meters/do/move/").status_code == 403
    assert technician.get(f"/desk/meters/{badge}/tests/1/do/correct/").status_code == 403
