"""A representative raises orders for one place; what one crew should know, the next one knows too, on its phone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lamplighter.fieldwork.models import Half, Order, Report, SiteNote
from lamplighter.fieldwork.operations import crews
from tests.browser.views import NARROW, findings
from tests.duties.playing import DONE, fills
from tests.web.conftest import make_person
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, TODAY

GWEN, DOG = "Gwen Pruitt", "Brown dog behind the gate, call first"
TODAYS = f"{TODAY}.am"


@pytest.fixture
def sam(town, at_desk):
    """Sam's phone, on the crew that has two places this morning."""
    area = crews.define_area(key="harbor", name="Harbor", postcodes=["90555"], by=DANA, at=NOW)
    crew = crews.define_crew(key="truck-1", name="Truck 1", area=area, by=DANA, at=NOW)
    crews.join_crew(crew=crew, user=make_person("sam", "Sam Whitlock", "field-crew"), on=TODAY, by=DANA, at=NOW)
    for half in Half:
        crews.set_places(crew=crew, day=TODAY, half=half, places=2, by=DANA, at=NOW)
    phone = at_desk("sam")
    phone.page.set_viewport_size(NARROW)
    return phone


def photo(side: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{side}.jpg", f"\xff\xd8\xff\xe0 {side}".encode("latin-1"))


def raises(office, **said) -> Order:
    assert fills(office.at_desk("dana"), f"{office.account(GWEN)}do/order/", **said).status_code in DONE
    return Order.objects.latest("pk")


def test_csr_04b_the_dog_of_one_order_is_on_the_next_for_the_same_place(office, sam):
    """CSR-O1: the note is on the desk's next order form, on the order, and first on the phone of whoever goes there."""
    first = raises(office, kind="investigate", slot=TODAYS, safety=DOG)
    assert DOG in office.reads("dana", f"/desk/orders/{first.number}/")
    here = f"/field/orders/{first.number}/"
    assert DOG in words(sam.get(here))
    sam.post(f"{here}start/", follow=True)
    sam.post(f"{here}report/", {"outcome": "not-done", "reason": "animal", "words": "The dog was out.",
                                "photos": [photo("gate"), photo("dog")]}, follow=True)  # fmt: skip
    assert "Reported as not done , 9:02 am: an animal in the way, 2 photos. It is planned again." in words(
        sam.get(here)
    )
    told = Report.objects.get()
    assert (told.outcome, told.reason, told.photos.count()) == ("not-done", "animal", 2)
    assert "The dog was out." in office.reads("dana", f"/desk/orders/{first.number}/")

    assert "Investigate: not done · an animal in the way · Sam Whitlock" in office.reads("dana", office.account(GWEN))
    form = office.opens("dana", f"{office.account(GWEN)}do/order/")
    assert DOG in form.says
    second = raises(office, kind="read", slot=TODAYS)
    assert DOG in office.reads("dana", f"/desk/orders/{second.number}/")
    shown = words(sam.get(f"/field/orders/{second.number}/"))
    assert f"Know first Safety: {DOG} Read the meter SO-" in shown
    assert SiteNote.objects.count() == 1, "one note, not one for each order"
    assert not findings(sam.page)
