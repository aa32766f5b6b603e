"""CSR-12 and CSR-04b: search the history, ask other departments, write, and work with the field and billing units."""

from datetime import date

import pytest

from lamplighter.cases.models import Request
from lamplighter.fieldwork.models import Order
from lamplighter.notices.models import Notice
from lamplighter.usage.models import RegisterRead
from lamplighter.worklist.models import Item
from tests.duties.playing import DONE, fills
from tests.web.desk.conftest import words
from tests.web.desk.test_field import crew, done, sam  # noqa: F401 - fixtures


@pytest.fixture
def gwen(number):
    return f"/desk/accounts/{number('Gwen Pruitt')}/"


def asks(dana, gwen, **said):
    asked = {"department": "billing", "title": "Two late charges in one month",
             "words": "She was charged twice on Nov 4. Please look.", "due_on": "2026-11-24"}  # fmt: skip
    assert fills(dana, f"{gwen}do/ask/", **{**asked, **said}).status_code in DONE
    return Request.objects.latest("id")


def test_csr_12_the_whole_history_is_searched_and_leads_to_where_the_words_stand(dana, gwen, number):
    fills(dana, f"{gwen}do/note/", words="Brother called about the kiln in the garage.")
    fills(dana, f"{gwen}do/wrap/", means="visit", reason="bill", words="Says the kiln runs at night.")
    fills(dana, f"{gwen}do/letter/letter-general/letter/", about="Your kiln", words="It uses 9 kW.", language="en")
    found = words(dana.get("/desk/history/?q=kiln"))
    for said in ("kiln in the garage", "kiln runs at night", "Your kiln"):
        assert said in found, said
    assert number("Gwen Pruitt") in found
    other = words(dana.get(f"/desk/history/?q=kiln&account={number('Jun Park')}"))
    assert "Nothing holds" in other
    exported = b"".join(dana.get("/desk/history/?q=kiln&export=csv").streaming_content).decode()
    assert exported.count("kiln") >= 3


def test_csr_12_another_department_is_asked_by_a_day_and_its_answer_comes_back(dana, at_desk, gwen):
    request = asks(dana, gwen)
    assert (request.department, request.due_on) == ("billing", date(2026, 11, 24))
    iris = at_desk("iris")
    assert "Two late charges in one month" in words(iris.get("/desk/work/"))
    url = f"/desk/requests/{request.pk}/"
    fills(iris, f"{url}do/accepted/")
    assert "in work" in words(dana.get(f"{gwen}?panel=requests"))
    refused = fills(iris, f"{url}do/answered/")
    assert "Say it in words" in words(refused)
    fills(iris, f"{url}do/answered/", words="One was for October. Both are right.")
    assert "Answered: Two late charges" in words(dana.get("/desk/work/"))
    assert "Both are right" in words(dana.get(gwen))
    fills(dana, f"{url}do/closed/")
    assert not Item.objects.filter(subject=request.subject, ended_at__isnull=True).exists()


def test_csr_12_who_is_not_asked_does_not_answer(dana, at_desk, gwen):
    request = asks(dana, gwen)
    assert dana.get(f"/desk/requests/{request.pk}/do/answered/").status_code == 403
    omar = at_desk("omar")
    assert omar.get(f"/desk/requests/{request.pk}/").status_code == 403
    assert f"/desk/requests/{request.pk}/" not in omar.get(gwen).content.decode(), "nor is he led there"


def test_csr_12_correspondence_is_merged_read_kept_and_found_again(dana, gwen):
    url = f"{gwen}do/letter/letter-payment-record/letter/"
    assert fills(dana, url, language="en").status_code == 200
    notice = Notice.objects.get(template__code="letter-payment-record")
    assert "Gwen Pruitt" in words(dana.get(f"/desk/letters/{notice.pk}/paper/"))
    assert "Record of payments in the last year" in words(dana.get("/desk/letters/all/?q=Record"))


def test_csr_04b_an_order_goes_to_the_field_and_a_bill_to_the_billing_unit_and_both_come_back(
    dana,
    at_desk,
    office,
    crew,  # noqa: F811 - a fixture
    sam,  # noqa: F811 - a fixture
):
    """The customer's screen shows where each stands, without a call to anybody: the crew reports from its phone."""
    pat = office.account("Pat Kowalczyk")
    slot = dana.get(f"{pat}do/order/").context["form"].fields["slot"].choices[1][0]
    fills(dana, f"{pat}do/order/", kind="read", slot=slot, instructions="She thinks it was misread.")
    order = Order.objects.latest("id")
    assert "Waiting" in words(dana.get(f"{pat}?panel=orders"))
    request = asks(dana, pat, title="Bill of Nov 4 to be looked at", words="Read may be wrong; order is raised.")
    iris = at_desk("iris")
    fills(iris, f"/desk/requests/{request.pk}/do/accepted/")
    assert "Billing Bill of Nov 4 to be looked at: in work" in words(dana.get(f"{pat}?panel=requests"))
    assert "She thinks it was misread" in words(sam.get(f"/field/orders/{order.number}/"))
    sam.post(f"/field/orders/{order.number}/start/")
    assert "Read the meter: the crew is there" in words(dana.get(pat))
    channel = order.meter.channels.get()
    dials = RegisterRead.objects.filter(channel=channel).latest("at").count + 40
    done(sam, order, **{f"read_{channel.pk}": dials}, words="Shrub before the dial")
    assert RegisterRead.objects.latest("id").count == dials
    assert "Read the meter: done" in words(dana.get(pat))
    shown = words(iris.get(f"/desk/orders/{order.number}/"))
    assert f"{dials:,}" in shown
    assert "Shrub before the dial" in shown
    fills(iris, f"/desk/requests/{request.pk}/do/answered/", words="The crew's read fits. Billed right.")
    assert "Billing answered: Bill of Nov 4 to be looked at" in words(dana.get(pat))
