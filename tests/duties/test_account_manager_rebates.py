"""The account manager's duties with rebates and goals, played through the pages on a brewery: Joel asks, Petra checks,
Ivo inspects, Renee approves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from lamplighter.billing.models import Adjustment
from lamplighter.customers.operations import add_organisation
from lamplighter.formats.dayweather import WeatherIn
from lamplighter.intervals.slots import slot_calendar
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from lamplighter.keyaccounts.operations import organisations as keeping
from lamplighter.payments.models import Refund
from lamplighter.platform.models import Approval
from lamplighter.rebates.models import ClimateGoal, RebateApplication, RebateBudget
from lamplighter.rebates.operations import applying, deciding, defining, paying
from lamplighter.rebates.queries.offers import RebateIn, draft_rebate
from lamplighter.rebates.rules.qualifying import PaperKind, Way
from lamplighter.rebates.rules.worth import Form
from lamplighter.usage.operations.weather import record_day_weather
from tests.duties.playing import fills
from tests.keyaccounts.conftest import BEGAN, JOEL, TODAY, brewery, warmth
from tests.keyaccounts.world import Clock, aims_at, answers, behind, world
from tests.rebates.conftest import FACTOR, PETRA, TERMS, YEAR, furnish, gives, program_of
from tests.town import ZONE, noon
from tests.web.conftest import make_person
from tests.web.wording import wording

PDF = b"%PDF-1.7 a paper"
KELP = "kelp-kettle-brewing"


@pytest.fixture(scope="module")
def built(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    with world(tmp_path_factory.mktemp("rebates"), django_db_blocker) as made:
        make_person("ivo", "Ivo Marsh", "program-staff")
        made.shop = furnish(made.town, made.town.homes["Kelp"])
        always = TERMS.__class__(180, 100, "bay", None, 60, 90, 80, "Resolution 2026-4")
        program, on = program_of(made.shop), date(2026, 9, 1)
        defining.set_rebate_terms(program=program, terms=always, on=on, by=PETRA, at=made.town.at)
        defining.set_rebate_budget(program=program, year=YEAR, amount=Money(2_000_000), citation="More", by=PETRA,
                                   at=made.town.at)  # fmt: skip
        yield made


@pytest.fixture
def city(built, db, monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)
    return built


def desk(name, *args):
    return reverse(f"desk:{name}", args=args)


def act(name, one):
    return desk(f"do-rebate-{name}", one.number)


def says(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answers(page)))


def done(page):
    assert page.status_code in {200, 204, 303}, wording(page)
    assert "error" not in page.headers.get("HX-Reswap", "")
    return page


def brings(client, one):
    for kind in ("invoice", "spec"):
        sent = SimpleUploadedFile(f"{kind}.pdf", PDF + kind.encode(), "application/pdf")
        done(fills(client, act("papers", one), kind=kind, papers=[sent]))


def test_am_02_a_rebate_goes_from_offer_to_payment_with_an_inspection_and_a_second_person(city):
    joel, petra, ivo, renee = (city.be(who) for who in ("joel", "petra", "ivo", "renee"))
    gives(city.shop, Form.PERCENT, "20")
    gives(city.shop, Form.PERCENT, "10", name="Port Fund")
    offers = says(joel.get(reverse("key:account-rebates", args=[KELP])))
    assert "High-bay LED lamps" in offers
    assert "$45 × lamps, up to 50% of the cost" in offers
    assert "State, Clean Grant: 20% of the cost" in offers
    account = city.town.homes["Kelp"].account.number
    url = desk("do-rebate-apply", account, "high-bay")
    grants = [key for key, _ in joel.get(url).context["form"].fields["incentives"].choices]
    done(fills(joel, url, quantity="150", cost="18,000", incentives=grants))
    one = RebateApplication.objects.get()
    assert (one.amount, one.others, one.stage.label) == (Money(675_000), Money(540_000), "Reserved")
    assert "Waits for the customer" in says(joel.get(desk("rebate", one.number)))
    assert "the customer" in says(joel.get(desk("rebates")))
    installed = {"installed_on": TODAY.isoformat(), "quantity": "140", "cost": "18000"}
    early = fills(joel, act("done", one), **installed)
    assert early.status_code == 422
    assert "Still to be brought: paid invoice, data sheet" in early.content.decode()
    brings(joel, one)
    done(fills(joel, act("done", one), **installed))
    assert joel.get(act("review", one)).status_code == 403, "who asks for the customer does not check"
    back = fills(petra, act("review", one), decision="no", words="")
    assert back.status_code == 422
    done(fills(petra, act("review", one), decision="yes"))
    shown = says(petra.get(desk("rebate", one.number)))
    assert "To be inspected" in shown
    assert "by seed “bay”" in shown
    assert fills(petra, act("inspect", one), found="130").status_code == 422, "she checked the papers"
    done(fills(ivo, act("inspect", one), found="130", words="Ten are spares."))
    done(fills(petra, act("pay", one)))
    assert not Adjustment.objects.filter(label__startswith="Rebate").exists()
    shown = says(petra.get(desk("rebate", one.number)))
    assert "Waits for a second person" in shown
    approval = Approval.objects.get(kind="rebates.payment")
    waiting = says(renee.get(reverse("lead:approval", args=[approval.pk])))
    assert "$5,850.00" in waiting
    assert "Credit on the bill" in waiting
    done(fills(renee, reverse("lead:approval", args=[approval.pk]), decision="yes"))
    credit = Adjustment.objects.get(label=f"Rebate {one.number}")
    assert (credit.amount, credit.agreement.account.number) == (Money(-585_000), account)
    shown = says(joel.get(desk("rebate", one.number)))
    for words in ("Paid $5,850.00", "27,300 kWh", "24,570 kWh at a realisation rate of 90%",
                  "19,656 kWh at net-to-gross of 80%", "130 lamps of 140 lamps"):  # fmt: skip
        assert words in shown
    assert "High-bay LED lamps: $5,850.00 paid" in says(joel.get(desk("account", account), {"panel": "timeline"}))


@pytest.mark.windowless
def test_am_02_the_budget_holds_for_whoever_comes_second_and_the_pages_say_so(city):
    joel = city.be("joel")
    RebateBudget.objects.update(amount=500_000)
    account = city.town.homes["Kelp"].account.number
    done(fills(joel, desk("do-rebate-apply", account, "high-bay"), quantity="80", cost="9000"))
    for measure, button in (("custom", "Ask, and wait for money"), ("high-bay", "Write it down as denied")):
        url = desk("do-rebate-apply", account, measure)
        joel.get(url)
        assert button in says(joel.post(url, {"quantity": "20000", "cost": "9000"})), "the button says what follows"
    done(fills(joel, desk("do-rebate-apply", account, "custom"), quantity="20000", cost="9000"))
    first, second = RebateApplication.objects.order_by("pk")
    assert (first.stage.label, second.stage.label) == ("Reserved", "Waits for money")
    shown = says(joel.get(desk("rebate", second.number)))
    assert "It needs $2,400.00; the budget has $1,400.00" in shown
    budgets = says(joel.get(desk("rebate-budgets")))
    assert "$3,600.00" in budgets
    done(fills(joel, act("withdraw", first)))
    assert RebateBudget.objects.get().committed == Money(0)


@pytest.mark.windowless
def test_am_02_a_contractor_is_paid_by_check_and_what_is_taken_out_is_clawed_back(city):
    joel, petra, ivo = (city.be(who) for who in ("joel", "petra", "ivo"))
    volt = add_organisation(name="Volt & Sons", by=JOEL, at=city.town.at)
    keeping.add_organisation(person=volt, kind="contractor", segment="", by=JOEL, at=city.town.at)
    account = city.town.homes["Kelp"].account.number
    url = desk("do-rebate-apply", account, "high-bay")
    assert fills(joel, url, quantity="60", cost="9000", way="contractor").status_code == 422
    done(fills(joel, url, quantity="60", cost="9000", way="contractor", contractor="volt-sons"))
    one = RebateApplication.objects.get()
    brings(joel, one)
    for kind in ("w9", "assignment"):
        sent = SimpleUploadedFile(f"{kind}.pdf", PDF + kind.encode(), "application/pdf")
        done(fills(joel, act("papers", one), kind=kind, papers=[sent]))
    done(fills(joel, act("done", one), installed_on=TODAY.isoformat(), quantity="60", cost="9000"))
    done(fills(petra, act("review", one), decision="yes"))
    done(fills(ivo, act("inspect", one), found="60"))
    done(fills(petra, act("pay", one)))
    check = Refund.objects.get()
    assert (check.payee, check.amount) == (volt, Money(270_000))
    paid = aims_at(joel, KELP, "program-paid", baseline="0", target="3000")
    saved = aims_at(joel, KELP, "program-kwh", baseline="0", target="30000")
    assert "On course, $300 to go" in says(joel.get(reverse("key:plan", args=[KELP])))
    assert behind(joel, paid) == [f'{TODAY},{one.number}: High-bay LED lamps,"$2,700.00"']
    assert behind(joel, saved) == [f'{TODAY},{one.number}: High-bay LED lamps,"12,600 kWh"']
    done(fills(petra, act("claw", one), gone_on=TODAY.isoformat(), words="The works moved out."))
    charge = Adjustment.objects.get(label__endswith="clawed back")
    assert charge.amount == Money(270_000)
    assert "$0" in says(joel.get(reverse("key:plan", args=[KELP]))), "what was clawed back does not count"
    assert behind(joel, paid) == []
    assert "Clawed back" in says(joel.get(desk("rebate", one.number)))


@pytest.mark.windowless
def test_am_02_a_measured_rebate_is_paid_by_what_the_meter_shows(city):
    """A tenth of the use is saved from the day of the work on; the interval that is told holds it."""
    told(city)
    asked_on, installed, later = date(2026, 6, 1), date(2026, 6, 10), TODAY - timedelta(days=7)
    joel, petra = city.be("joel"), city.be("petra")
    defining.set_rebate_budget(
        program=program_of(city.shop), year=Period(date(2025, 7, 1), YEAR.start), amount=Money(3_000_000),
        citation="Last year", by=PETRA, at=noon(asked_on),
    )  # fmt: skip
    one = city.shop.asks("60000", 2_000_000, measure=city.shop.custom, on=asked_on)
    sent = SimpleUploadedFile("invoice.pdf", PDF, "application/pdf")
    done(fills(joel, act("papers", one), kind="invoice", papers=[sent]))
    done(fills(joel, act("done", one), installed_on=later.isoformat(), quantity="60000", cost="20000"))
    done(fills(petra, act("review", one), decision="yes"))
    assert "Waits for the meter" in says(joel.get(desk("rebate", one.number)))
    early = fills(petra, act("measure", one))
    assert early.status_code == 422
    assert "days since have readings and temperatures; 60 are needed" in early.content.decode()
    RebateApplication.objects.update(installed_on=installed)
    since = Period(installed, TODAY)
    counts = brewery(slot_calendar(since, seconds=900, zone=ZONE))
    city.town.uses("Kelp", since, counts * 9 // 10)
    done(fills(petra, act("measure", one)))
    saving = RebateApplication.objects.get(pk=one.pk).saving
    year = brewery(slot_calendar(Period(BEGAN, installed), seconds=900, zone=ZONE)).sum() / 1000
    true = 0.1 * float(year) / (installed - BEGAN).days * 365
    assert abs(float(saving.kwh) - true) <= float(saving.off_kwh)
    assert float(saving.off_kwh) < true / 2
    done(fills(petra, act("pay", one)))
    paid = RebateApplication.objects.get(pk=one.pk)
    assert paid.amount == min(Money.nearest(saving.kwh * Decimal("0.12")), Money(720_000))


def told(city):
    """The station's temperatures."""
    days = [BEGAN + timedelta(days=n) for n in range((TODAY - BEGAN).days)]
    rows = [WeatherIn(day, *(Decimal(f"{float(warmth(day)) + off:.1f}") for off in (-8, 0, 8))) for day in days]
    record_day_weather(station="Marisol Bay", days=rows, by=PETRA, at=city.town.at)


@pytest.mark.windowless
def test_am_02_a_what_if_shows_the_rebates_that_stack_and_the_payback_before_and_after(city):
    joel = city.be("joel")
    page = reverse("key:advice", args=[KELP])
    said = {"m": "efficiency", "efficiency.kw": "20", "efficiency.cost": "30000", "panel": "answer"}
    shown = says(joel.get(page, said))
    assert "Rebates that stack" in shown
    assert "Custom efficiency, Business efficiency" in shown
    told = re.search(r"pays back in ([\d.]+) years without them, and in ([\d.]+) years with them", shown)
    assert float(told[2]) < float(told[1])
    ours = Money.exactly(re.search(r"\$([\d,.]+\d): Custom efficiency, Business", shown)[1].replace(",", ""))
    assert float(told[2]) / float(told[1]) == pytest.approx(1 - ours.cents / 3_000_000, abs=0.05)
    link = re.search(r'href="(/desk/accounts/[^"]+do/apply/[^"]+)"', joel.get(page, said).content.decode())[1]
    filled = joel.get(link.replace("&amp;", "&")).context["form"]
    assert filled["cost"].value() == "30000.00"
    assert "Rebates that stack" not in says(joel.get(page, {"m": "stagger", "panel": "answer"}))


def test_am_11_programs_are_tied_to_a_climate_plan_and_measured_in_carbon_and_dollars_a_tonne(city):
    renee, joel = city.be("renee"), city.be("joel")
    done(fills(renee, desk("do-set-rebate-mandate"), kind="climate", title="Climate Action Plan", on="2026-01-01",
               words="Net-zero buildings by 2045.", source="Resolution 2025-77, page 12"))  # fmt: skip
    short = fills(renee, desk("do-set-rebate-goal"), words="Save 100 MWh", kpi="net-mwh", target="100",
                  starts_on="2026-07-01", due_on="2026-06-30", programs=["efficiency"])  # fmt: skip
    assert short.status_code == 422
    done(fills(renee, desk("do-set-rebate-goal"), words="Save 100 MWh", kpi="net-mwh", target="100",
               starts_on="2026-07-01", due_on="2027-06-30", programs=["efficiency"]))  # fmt: skip
    assert ClimateGoal.objects.get().programs.get().code == "efficiency"
    assert joel.get(desk("do-set-rebate-goal")).status_code == 403
    one = paid_project(city)
    assert one.saving.kwh == 12_600
    page = says(joel.get(desk("rebate-goals")))
    for words in ("Climate Action Plan", "Net-zero buildings by 2045.", "Resolution 2025-77, page 12", "Behind",
                  "12,600", "11,340", "9,072", "nobody drawn yet"):  # fmt: skip
        assert words in page
    tonnes = 12.6 * 0.25 * 0.72
    assert f"{tonnes * 12:.1f}" in page
    assert f"${2700 / (tonnes * 12):.2f}" in page
    csv = b"".join(joel.get(desk("rebate-goals"), {"panel": "carbon", "export": "csv"}).streaming_content).decode()
    assert "Business efficiency,1,12600" in csv
    assert "How this is counted" in says(joel.get(desk("rebate-goals"), {"print": "1"}))
    before = says(joel.get(desk("rebate-goals"), {"first": "2026-07-01", "last": "2026-08-31"}))
    assert "12,600" not in before


def paid_project(city):
    """Sixty lamps, paid by the bill; with a grid of 250 kg a MWh."""
    asked = RebateIn(city.shop.lamps, city.town.homes["Kelp"].agreement, Decimal(60), Money(900_000), Way.CREDIT)
    early = date(2026, 8, 20)
    one = applying.apply_for_rebate(asked=asked, shown=draft_rebate(asked, on=early).digest, on=early, by=JOEL,
                                    at=noon(early))  # fmt: skip
    city.shop.brings(one, on=TODAY)
    applying.tell_done(application=one, installed_on=TODAY, quantity=Decimal(60), cost=Money(900_000), on=TODAY,
                       by=JOEL, at=noon(TODAY))  # fmt: skip
    deciding.accept_papers(application=one, factor=FACTOR, on=TODAY, by=PETRA, at=noon(TODAY))
    paying.pay_rebate(application=one, on=TODAY, by=PETRA, at=noon(TODAY))
    assert {kind.value for kind in (PaperKind.INVOICE, PaperKind.SPEC)} <= {row.kind for row in one.papers.all()}
    return RebateApplication.objects.get(pk=one.pk)
