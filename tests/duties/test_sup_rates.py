"""SUP-11 and its neighbours, played through the pages: see that customers get the best value for their money."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from lamplighter.accounts.models import AgreementRate
from lamplighter.jobs import ratestudies as jobs
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import Notice
from lamplighter.platform.models import Approval, Run
from lamplighter.ratestudies.models import Advice, Move, Study
from lamplighter.tariffs.models import Version
from lamplighter.tariffs.queries import in_force
from lamplighter.web.administration.rates.peakhours import told_in
from tests.billing.test_peak_hours import rider
from tests.browser.window import Window
from tests.duties.playing import DONE
from tests.ratestudies.conftest import PEOPLE
from tests.ratestudies.town import build
from tests.web.conftest import make_person
from tests.web.wording import wording

YEAR = "2026-11-01"


class Clock:
    """It is Friday, November 20, 2026, 9:02 am."""

    localdate = staticmethod(timezone.localdate)

    @staticmethod
    def now() -> datetime:
        return datetime(2026, 11, 20, 17, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("harbor")
    store = override_settings(INTERVAL_STORE=str(folder / "intervals"), STATE=folder)
    with store, django_db_blocker.unblock(), transaction.atomic():
        for username, name, role in PEOPLE:
            make_person(username, name, role)
        yield build(folder)
        transaction.set_rollback(True)


@pytest.fixture
def harbor(furnished, db):
    return furnished


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    monkeypatch.setattr("lamplighter.web.visits.timezone", Clock)


@pytest.fixture
def people(harbor, be):
    return be


def send(window: Window, url: str, **said):
    """Open a form, fill it in and send it; where it leads."""
    window.get(url)
    answer = window.post(url, said)
    assert answer.status_code in DONE, wording(answer)
    return answer["Location"]


def words(window: Window, url: str) -> str:
    answer = window.get(url)
    assert answer.status_code == 200
    return wording(answer)


def test_sup_11_who_would_pay_less_on_another_rate_is_found_written_to_and_changed(people, harbor):
    renee, dana = people("renee"), people("dana")
    ada = harbor.homes["Ada"]
    assert "Nobody is known to pay less" in words(renee, "/lead/rates/better/")
    send(renee, "/lead/rates/better/do/look/", until=YEAR)
    run = Run.objects.get(kind="rate.advice")
    jobs.advice(run=run.pk, by=str(run.started_by), until=YEAR)
    listed = words(renee, "/lead/rates/better/")
    assert ada.account.number in listed
    assert harbor.homes["Ben"].account.number not in listed
    send(renee, "/lead/rates/better/do/write/", least="20", sure="on")
    assert Notice.objects.get(template__code="better-rate").account == ada.account.pk
    assert "R-TOU would have cost" in words(dana, f"/desk/accounts/{ada.account.number}/rates/")
    change = f"/desk/accounts/{ada.account.number}/rates/{ada.agreement.pk}/do/change/"
    tou = harbor.rates["r-tou"].pk
    dana.get(change)
    refused = dana.post(change, {"schedule": tou, "start": "2026-10-15", "shown": "on"})
    assert refused.status_code == 422, "those days are billed"
    send(dana, change, schedule=tou, start="2026-11-21", shown="on")
    rates = AgreementRate.objects.filter(agreement=ada.agreement).order_by("period")
    assert [rate.schedule.code for rate in rates] == ["R-1", "R-TOU"]
    assert Advice.objects.get(agreement=ada.agreement).told_at is not None


def test_a_proposed_rate_is_edited_checked_priced_and_taken_out(people, harbor):
    iris = people("iris")
    version = Version.objects.filter(schedule=harbor.rates["r-1"]).order_by("-period").first()
    begin = f"/lead/rates/do/study/?version={version.pk}"
    assert "Study R-1" in words(iris, begin)
    dearer = version.source.text.replace("price = 14.50", "price = 19.50", 1)
    said = iris.page.locator("#checked")
    iris.page.fill("#id_text", dearer)
    said.filter(has_text="19.50").wait_for()
    assert "It can be priced" in said.inner_text()
    iris.page.fill("#id_text", dearer.replace("price = 19.50", 'price = "much"'))
    said.filter(has_text="It cannot be priced yet").wait_for()
    assert "line" in said.inner_text()
    where = send(iris, begin, name="Dearer", until=YEAR, scope="rate", text=dearer)
    study = Study.objects.get()
    assert where == f"/lead/rates/studies/{study.pk}/"
    assert "Waiting for its turn" in words(iris, where)
    jobs.study(run=study.run_id, by=str(study.made_by), study=study.pk)
    shown = words(iris, where)
    for part in ("Revenue by month", "Winners and losers", "The twenty most affected", "A typical year", "all agree"):
        assert part in shown
    assert harbor.homes["Ben"].account.number in shown
    assert iris.get(f"{where}spreadsheet/").content[:2] == b"PK"
    assert iris.get(f"{where}pdf/").content[:4] == b"%PDF"
    assert people("dana").get(where).status_code == 403
    other = send(iris, begin, name="Again", until=YEAR, scope="class", text=version.source.text)
    second = Study.objects.latest("pk")
    jobs.study(run=second.run_id, by=str(second.made_by), study=second.pk)
    assert other.endswith(f"/{second.pk}/")
    compared = send(iris, f"{where}do/compare/", other=second.pk)
    assert "Dearer" in words(iris, compared)
    assert "Again" in words(iris, compared)


def test_who_is_on_the_wrong_rate_gets_notice_and_two_people_move_them(people, harbor):
    renee, omar = people("renee"), people("omar")
    bo = harbor.homes["Bo"]
    send(renee, "/lead/rates/review/do/review/", until=YEAR)
    run = Run.objects.get(kind="rate.review")
    jobs.review(run=run.pk, by=str(run.started_by), until=YEAR)
    shown = words(renee, "/lead/rates/review/")
    assert bo.account.number in shown
    assert "12 of 12 months at or over" in shown
    move = Move.objects.get()
    send(
        renee, f"/lead/rates/review/{move.review_id}/do/notice/", moves=str(move.pk), effective_on="2027-02-01",
        remark="",
    )  # fmt: skip
    assert Notice.objects.get(template__code="rate-move").account == bo.account.pk
    asked = Approval.objects.get(kind="ratestudies.moves")
    assert "GS-1 to GS-2" in words(omar, f"/lead/approvals/{asked.pk}/")
    send(omar, f"/lead/approvals/{asked.pk}/", decision="yes", remark="")
    assert [rate.schedule.code for rate in AgreementRate.objects.filter(agreement=bo.agreement).order_by("period")] == [
        "GS-1", "GS-2",
    ]  # fmt: skip
    assert "Moved" in words(renee, "/lead/rates/review/")


def test_am_08_the_hour_in_which_the_system_peaked_is_told_by_a_form_and_adopted_by_a_second_person(people):
    """A form instead of the text: the version stays as it was but for its days and hours, and August waits for both."""
    iris, omar, rates = people("iris"), people("omar"), "/admin-desk/rates"

    def adopts(where, says):
        made = Version.objects.latest("pk")
        assert where == f"{rates}/versions/{made.pk}/"
        assert says in words(iris, where)
        send(iris, f"{where}do/propose/")
        waiting = Approval.objects.get(state="waiting", kind="tariffs.adoption")
        send(omar, f"/lead/approvals/{waiting.pk}/", decision="yes", remark="")
        return made

    july = rider("2026-07-01", "2026-08-01", "2026-07-14 17:00")
    first = adopts(send(iris, f"{rates}/do/draft/", customer_class="commercial", text=july), "2026-07-14 17:00")
    acts = {one.label: one.url for one in iris.get(f"{rates}/versions/{first.pk}/").context["actions"]}
    form = acts["Tell the peak hours"]
    wrong = {"hours": "2026-07-14 17:00", "told_by": "the settlement of September 3"}
    iris.get(form)
    assert "is not in the days that are known" in wording(iris.post(form, wrong))
    assert not Version.objects.filter(pk__gt=first.pk).exists()
    adopts(send(iris, form, **{**wrong, "hours": "2026-08-05 18:00"}), "the settlement of September 3")
    july, august = in_force([first.schedule_id], period=Period(date(2026, 7, 1), date(2026, 9, 1)))[first.schedule_id]
    assert august.tariff.valid.start == date(2026, 8, 1)
    assert [told_in(one.tariff).hours for one in (july, august)] == [
        (datetime(2026, 7, 14, 17),), (datetime(2026, 8, 5, 18),)  # noqa: DTZ001 - the clock on the wall
    ]  # fmt: skip
    assert "Tell the peak hours" not in words(people("dana"), f"{rates}/versions/{first.pk}/")
