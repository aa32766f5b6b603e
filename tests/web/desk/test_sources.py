"""Sources that take payments by themselves, as the supervisor balances them."""

from lamplighter.kernel.money import ZERO, Money
from lamplighter.payments import operations as payments
from lamplighter.payments.models import TenderControl
from lamplighter.payments.rules import TenderIn
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW, TODAY


def test_a_kiosks_day_is_balanced_by_its_own_report(at_desk, town):
    source = payments.define_source(
        key="kiosk", name="Lobby kiosk", kind="electronic", opening_float=ZERO, gl_code="ach-clearing"
    )
    control = payments.standing_control(source=source, by=DANA, at=NOW)
    payments.post_event(
        control=control, tenders=[TenderIn("card", Money(2500), Money(2500), "A1")],
        payments={town.homes["Rosa Maldonado"].account: Money(2500)}, on=TODAY, by=DANA, at=NOW,
    )  # fmt: skip
    renee = at_desk("renee")
    listed = words(renee.get("/lead/cash/sources/"))
    assert "Lobby kiosk" in listed
    assert "Open" in listed
    form = f"/lead/cash/sources/{control.pk}/do/total/"
    assert "Enter what the sender's own report says" in words(renee.get(form))
    assert says(renee, form, card="24.00").status_code == 303
    assert TenderControl.objects.get(pk=control.pk).state == "balancing"
    assert says(renee, form, card="25.00").status_code == 303
    assert TenderControl.objects.get(pk=control.pk).state == "balanced"


def says(client, form, **totals):
    key = client.get(form).context["form"]["request_key"].value()
    return client.post(form, {"request_key": key, **totals})
