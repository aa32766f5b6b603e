"""CSR-04a: who is served where, from when, and every other change of a customer's data, at the desk."""

from datetime import date

import pytest

from lamplighter.accounts.models import Account, AccountRole, Agreement
from lamplighter.billing.models import Segment
from lamplighter.billing.queries.deposits import deposit_of
from lamplighter.credit.models import Hold
from lamplighter.customers.models import Person
from lamplighter.fieldwork.models import Order
from lamplighter.notices.models import Notice
from lamplighter.platform.models import PastRow
from tests.duties.playing import fills
from tests.web.desk.conftest import words
from tests.web.desk.town import DANA, NOW


@pytest.fixture
def page(number):
    """`page("Tess Byrne")` is the address of her account."""
    return lambda name: f"/desk/accounts/{number(name)}/"


def running(name: str) -> Agreement:
    return Agreement.objects.filter(
        account__roles__person__name=name, kind="energy", period__endswith__isnull=True
    ).latest("id")


def read(client, url, **answers):
    """The form answered and shown for confirmation, not yet confirmed."""
    form = client.get(url).context["form"]
    first = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", False)}
    return client.post(url, {**first, **answers}, headers={"HX-Request": "true", "HX-Target": "panel"})


def test_csr_04a_a_new_customer_starts_at_a_flat_where_somebody_lives_still(dana, page):
    """CSR-S1: the conflict is explained, the other's stop is proposed, power and first bill are named."""
    where = {"family": "Brandt", "given": "Hanna", "mobile": "(510) 555-0188", "language": "en",
             "place": "310 Santa Clara Ave", "on": "2026-11-24"}  # fmt: skip
    refused = read(dana, "/desk/start/", **where)
    assert refused.status_code == 422
    assert "Gwen Pruitt has service here now, since Wed, Sep 3, 2025. Ask for a lease or sale date" in words(refused)
    shown = words(read(dana, "/desk/start/", **where, evidence="Lease of Nov 24", deposit="120"))
    for said in ("Stops the same day Gwen Pruitt", "Power is on there now, and stays on", "$120.00",
                 "The meter's own read"):  # fmt: skip
        assert said in shown, said
    assert not Person.objects.filter(name="Hanna Brandt").exists()
    assert fills(dana, "/desk/start/", **where, evidence="Lease of Nov 24", deposit="120").status_code == 200
    account = Account.objects.get(roles__person__name="Hanna Brandt")
    assert running("Hanna Brandt").period.start == date(2026, 11, 24)
    gwen = Agreement.objects.get(account__roles__person__name="Gwen Pruitt", kind="energy")
    assert gwen.period.end == date(2026, 11, 24)
    assert deposit_of(account).asked.cents == 12000
    codes = set(Notice.objects.filter(composed_at=NOW).values_list("template__code", flat=True))
    assert {"letter-give-way", "letter-service-started"} <= codes
    assert "Gave way to who moves in" in words(dana.get(page("Gwen Pruitt")))


def test_csr_04a_who_may_be_known_already_is_named_before_anything_is_kept(dana):
    shown = words(read(dana, "/desk/start/", family="Ortega", given="Luis", place="44 Bayview Ter", on="2026-11-24",
                       evidence="Sale", language="en"))  # fmt: skip
    assert "Perhaps known already Luis Ortega" in shown


def test_csr_04a_a_customer_moves_and_saturday_is_refused_with_the_next_day(dana, page):
    """CSR-S2: Pat's meter is read by hand, so somebody must come; both ends by one confirmation."""
    url = f"{page('Pat Kowalczyk')}do/move/"
    where = {"place": "600 Willow St Apt 2", "evidence": "Lease", "starts": "2026-11-28", "stops": "2026-11-28"}
    refused = read(dana, url, **where)
    assert refused.status_code == 422
    said = words(refused)
    assert "No field visit on Sat, Nov 28, 2026, a Saturday. Nothing there can be switched from afar." in said
    assert "Next: Mon, Nov 30, 2026" in said
    monday = where | {"starts": "2026-11-30", "stops": "2026-11-30"}
    shown = words(read(dana, url, **monday))
    assert "Old place" in shown
    assert "New place" in shown
    assert "Field order Disconnect" in shown
    assert fills(dana, url, **monday).status_code == 200
    old = Agreement.objects.filter(account__roles__person__name="Pat Kowalczyk", kind="energy").earliest("id")
    assert old.period.end == date(2026, 11, 30)
    new = running("Pat Kowalczyk")
    assert new.premise.street == "600 Willow St"
    order = Order.objects.get(kind="disconnect")
    assert (order.reason, order.not_before) == ("move-out", date(2026, 11, 30))


def test_csr_04a_a_stop_sends_the_last_bill_on_and_the_landlord_takes_the_flat_back(dana, page):
    fills(dana, f"{page('Dele Adeyemi')}do/standing/", place="310 Santa Clara Ave", on="2026-11-20", evidence="2019")
    shown = words(read(dana, f"{page('Gwen Pruitt')}do/stop/", on="2026-11-27"))
    assert "Service goes back to the landlord" in shown
    fills(dana, f"{page('Gwen Pruitt')}do/stop/", on="2026-11-27", forward="12 Hill Rd, Oakhurst CA 93644")
    landlord = running("Dele Adeyemi")
    assert (landlord.premise.street, landlord.period.start) == ("310 Santa Clara Ave", date(2026, 11, 27))
    assert not Order.objects.filter(kind="disconnect").exists()
    assert "12 Hill Rd" in Notice.objects.get(template__code="letter-service-stopped").words.read[0].body


def test_csr_04a_a_stop_without_a_landlord_turns_power_off_and_can_be_taken_back(dana, page):
    url = page("Tess Byrne")
    fills(dana, f"{url}do/stop/", on="2026-12-01")
    cut = Order.objects.get(kind="disconnect")
    assert cut.state == "waiting"
    assert "Shut-off certificate Given when the crew begins, or refused" in words(
        dana.get(f"/desk/orders/{cut.number}/")
    )
    choice = dana.get(f"{url}do/take-back/").context["form"].fields["which"].choices[0][0]
    fills(dana, f"{url}do/take-back/", which=choice, reason="Stays after all")
    assert running("Tess Byrne").period.end is None
    assert Order.objects.get(kind="disconnect").state == "discarded"
    assert "Goes on: the stop was taken back" in words(dana.get(url))


def test_csr_04a_a_start_that_is_taken_back_lets_the_one_before_go_on(dana, page):
    url = page("Tess Byrne")
    fills(dana, f"{url}do/start/", place="310 Santa Clara Ave", on="2026-12-01", evidence="Lease")
    key = next(key for key, _ in dana.get(f"{url}do/take-back/").context["form"].fields["which"].choices)
    fills(dana, f"{url}do/take-back/", which=key, reason="Lease fell through")
    assert running("Gwen Pruitt").period.end is None


def test_csr_04a_a_stop_of_weeks_ago_bills_the_days_again_up_to_it(dana, page):
    """Days that were billed beyond a stop are taken back, and money that was paid stays on the account."""
    billed = Segment.objects.filter(agreement=running("Jun Park"), cancelled_at__isnull=True).latest("id")
    assert billed.period.end == date(2026, 11, 4)
    fills(dana, f"{page('Jun Park')}do/stop/", on="2026-10-26")
    live = Segment.objects.filter(agreement__account=billed.agreement.account_id, cancelled_at__isnull=True)
    assert live.latest("id").period.end == date(2026, 10, 26)
    billed.refresh_from_db()
    assert billed.cancel_reason == "back-dated move"
    assert "cancelled" in words(dana.get(page("Jun Park")))


def test_csr_04a_names_people_addresses_and_the_way_of_bills_change_and_every_change_is_kept(dana, at_desk, page):
    url = page("Thi Hoa Nguyen")
    fills(
        dana, f"{url}do/person/", role="third-party", given="Minh", family="Nguyen", mailing="9 Elm St\nHilo HI 96720"
    )
    fills(dana, f"{url}do/seasonal/", lines="1 Palm Dr\nKona HI 96740", first="2026-12-01", last="2027-02-28")
    assert fills(dana, f"{url}do/dispatch/", dispatch="email").status_code == 200
    assert Account.objects.get(number=url.split("/")[3]).dispatch == "email"
    assert AccountRole.objects.get(role="third-party", person__name="Minh Nguyen").period.start == date(2026, 11, 20)
    assert PastRow.objects.filter(table_name="accounts_account", actor=str(DANA)).exists()
    assert "By email" in words(dana.get(url))


def test_csr_04a_when_a_customer_died_nothing_is_collected_and_the_estate_is_written_to(dana, page):
    url = page("Gwen Pruitt")
    fills(dana, f"{url}do/estate/", died_on="2026-11-12", evidence="Certificate 26-4471", cares="Ann Pruitt, daughter")
    shown = words(dana.get(url))
    assert "Estate of Gwen Pruitt" in shown
    assert "The customer died" in shown
    assert Hold.objects.get(kind="review").period.end == date(2027, 1, 19)
    assert Notice.objects.filter(template__code="letter-condolence").exists()
    assert "Gwen Pruitt" in words(dana.get("/desk/accounts/?q=Gwen+Pruitt"))


def test_csr_04a_a_medical_flag_with_its_certificate_keeps_power_on(dana, page):
    url = page("Gwen Pruitt")
    fills(dana, f"{url}do/protect/", kind="medical", until="2027-03-03", evidence="Dr. Osei, certificate 118")
    assert "Do not disconnect: medical" in words(dana.get(url))


def test_csr_04a_a_stop_alert_keeps_service_as_it_is(dana, page):
    url = page("Gwen Pruitt")
    fills(dana, f"{url}do/alert/", level="stop", title="Identity theft reported", acts=["service"])
    refused = fills(dana, f"{url}do/stop/", on="2026-11-27")
    assert "Start, stop and move is blocked" in words(refused)
    assert running("Gwen Pruitt").period.end is None


def test_csr_04a_who_came_in_between_is_not_put_out_by_what_was_shown_before(dana, at_desk, page):
    """Two clerks start one flat: the second confirms what she was shown, and somebody else lives there by then."""
    asked = {"place": "310 Santa Clara Ave", "on": "2026-11-24", "evidence": "Lease"}
    url = f"{page('Tess Byrne')}do/start/"
    shown = read(dana, url, **asked)
    assert "Stops the same day Gwen Pruitt" in words(shown)
    fills(at_desk("tuan"), f"{page('Jun Park')}do/start/", **asked)
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = dana.post(url, {**sent, "confirmed": "1"}, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert answer.status_code == 422
    assert "Who has service there has changed since this was shown" in words(answer)
    here = Agreement.objects.filter(premise__street="310 Santa Clara Ave", period__endswith__isnull=True)
    assert [one.account.roles.get(role="main").person.name for one in here] == ["Jun Park"]
