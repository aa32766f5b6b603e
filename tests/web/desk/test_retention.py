"""The retention schedule: a policy of the board, carried out by night, for everybody but who is before a court."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from lamplighter.accounts.models import Account
from lamplighter.cases.models import Message
from lamplighter.cases.operations.messages import MessageIn, receive
from lamplighter.cases.words import Means
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.operations.holding import begin_hold
from lamplighter.jobs.retaining import erase_by_schedule
from lamplighter.journeys.parameters import RETENTION, parameters
from lamplighter.journeys.retaining import BATCH, SERIES, erase_some, past_due
from lamplighter.kernel.periods import Period
from lamplighter.notices.models import NoticeWords
from lamplighter.platform.models import Event, PastRow, Remark, RetentionTerms
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.retention import ERASED, LEAST, CannotRetain, set_terms

from .conftest import words
from .town import DANA, NIGHTLY, NOW, TODAY

SEVEN = dict.fromkeys(("notices", "messages", "households", "reasons", "history"), 7)
LATER = TODAY + timedelta(days=7 * 366)
NAMES = [one.name for one in SERIES]


@pytest.fixture
def schedule(town) -> RetentionTerms:
    return set_terms(years=SEVEN, citation="Resolution 26-101", on=TODAY, by=NIGHTLY, at=NOW)


@pytest.fixture
def said(town) -> Message:
    """Thi Hoa wrote, and somebody noted why her plan was changed."""
    account = town.homes["Thi Hoa Nguyen"].account
    record("accounts.note.written", subject=f"account:{account.number}", account=account.pk, by=DANA, at=NOW,
           remark="She lost her work in May")  # fmt: skip
    written = MessageIn(Means.EMAIL, "<1@example.net>", "hoa@example.net", "I lost my work", "My bill", account)
    return receive(message=written, by=NIGHTLY, at=NOW)[0]


def due(on):
    return {one.name: found.count() for one in SERIES if (found := past_due(one, on=on)) is not None}


def night(monkeypatch, on):
    monkeypatch.setattr("lamplighter.jobs.retaining.timezone", SimpleNamespace(localdate=lambda: on, now=lambda: NOW))
    return erase_by_schedule()


def test_without_a_schedule_everything_is_kept(said, monkeypatch):
    assert due(LATER) == {}
    assert night(monkeypatch, LATER) == 0
    assert Message.objects.get().body == "I lost my work"


def test_what_is_older_than_its_years_loses_its_words_and_keeps_that_it_happened(schedule, said, monkeypatch):
    happened = Event.objects.filter(account=said.contact.account_id).count()
    night(monkeypatch, TODAY + timedelta(days=7 * 365))
    assert Message.objects.get().body, "seven years with their leap days are not over yet"
    assert all(due(LATER)[name] for name in ("notices", "messages", "reasons"))
    assert night(monkeypatch, LATER) > 0
    assert due(LATER) == dict.fromkeys(NAMES, 0)
    assert Message.objects.get().body == ""
    assert not Remark.objects.filter(words="She lost her work in May").exists()
    assert not NoticeWords.objects.filter(erased_at__isnull=True, notice__outgoing__isnull=True).exists()
    assert Event.objects.filter(account=said.contact.account_id).count() > happened
    told = {one.subject: one.data["count"] for one in Event.objects.filter(name=ERASED)}
    assert told["retention:messages"] == 1
    assert night(monkeypatch, LATER) == 0


def test_nothing_of_a_legal_hold_is_erased(schedule, said, monkeypatch):
    account = Account.objects.get(pk=said.contact.account_id)
    begin_hold(account=account, kind=HoldKind.LEGAL, period=Period(TODAY), evidence="CV-26-1", by=DANA, at=NOW)
    Account.objects.filter(pk=account.pk).update(old_number="77-1")
    kept = PastRow.objects.count()
    assert kept
    night(monkeypatch, LATER)
    assert Message.objects.get().body == "I lost my work"
    assert Remark.objects.filter(words="She lost her work in May").exists()
    assert not NoticeWords.objects.filter(notice__account=account.pk, erased_at__isnull=False).exists()
    assert PastRow.objects.count() == kept, "whose rows they are can't be told"


def test_a_night_erases_batch_by_batch(schedule, said, monkeypatch):
    (reasons,) = (one for one in SERIES if one.name == "reasons")
    for place in range(BATCH):
        record("accounts.note.written", subject=f"note:{place}", by=DANA, at=NOW, remark=f"Words {place}")
    first = erase_some(series=reasons, on=LATER, by=NIGHTLY, at=timezone.now())
    assert first == BATCH
    assert 0 < erase_some(series=reasons, on=LATER, by=NIGHTLY, at=timezone.now()) < BATCH


@pytest.mark.parametrize(
    ("years", "citation", "said"),
    [
        (SEVEN | {"messages": LEAST - 1}, "Resolution 26-101", "Records are kept for 2 to 99 years"),
        (SEVEN, " ", "Name the resolution"),
    ],
)
def test_a_schedule_that_may_not_be_is_refused(db, years, citation, said):
    with pytest.raises(CannotRetain, match=said):
        set_terms(years=years, citation=citation, on=TODAY, by=NIGHTLY, at=NOW)


def test_a_schedule_follows_the_one_before(schedule):
    with pytest.raises(CannotRetain, match="is set already"):
        set_terms(years=SEVEN, citation="Resolution 27-1", on=TODAY, by=NIGHTLY, at=NOW)
    new_year = date(2027, 1, 1)
    parameters()[RETENTION].change({"history": ""}, citation="Resolution 27-1", on=new_year, by=NIGHTLY, at=NOW)
    now = parameters()[RETENTION].now(new_year)
    assert now == dict.fromkeys(NAMES, "7") | {"history": ""}
    schedule.refresh_from_db()
    assert schedule.period.end == new_year


def test_the_page_says_what_is_kept_and_what_was_erased(at_desk, said, monkeypatch):
    noor, url = at_desk("admin"), reverse("admin-desk:retention")
    assert words(noor.get(url)).count("ever") >= len(SERIES)
    set_terms(years=SEVEN, citation="Resolution 26-101", on=TODAY, by=NIGHTLY, at=NOW)
    night(monkeypatch, LATER)
    page = words(noor.get(url))
    assert "7 years" in page
    assert "1 " in page.partition("What customers wrote to us")[2].partition("What households")[0]
    assert at_desk("dana").get(url).status_code == 403
