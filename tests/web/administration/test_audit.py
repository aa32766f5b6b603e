"""Audit: what happened, who read, what rows were; by whom, about what and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplighter.kernel.actors import staff, system
from lamplighter.platform.models import AccessRecord, Event, RoleGrant
from lamplighter.platform.operations.events import record, record_access
from lamplighter.platform.operations.users import end_role
from lamplighter.platform.transactions import unit_of_work
from tests.web.administration.conftest import ADA, text
from tests.web.conftest import LONG_AGO, make_person

AUDIT = "/admin-desk/audit/"
DANA, RUN = staff("dana"), system("bill-run")
NOON = datetime(2026, 11, 18, 20, tzinfo=UTC)  # noon at the utility
LATE = datetime(2026, 11, 19, 7, 30, tzinfo=UTC)  # 11:30 pm of the same day there


def happened(name="billing.bill.issued", subject="bill:7", *, by=DANA, at=NOON, **more) -> Event:
    with unit_of_work(by):
        return record(name, subject=subject, by=by, at=at, **more)


def shown(response) -> list[str]:
    """The subjects of the rows, top to bottom."""
    return re.findall(r"<td >([a-z-]+:[\w-]+)</td>", text(response).replace("<td>", "<td >"))


def about(response) -> list[str]:
    return [each for each in shown(response) if each.partition(":")[0] not in {"staff", "system", "customer"}]


@pytest.fixture
def trail(ada):
    """Four events of the same afternoon; those of setting up are filtered away by their day."""
    happened(subject="bill:1", by=RUN, reason="scheduled")
    happened(subject="bill:2")
    happened("payments.payment.taken", "receipt:3", at=LATE)
    happened("payments.payment.taken", "receipt:4", by=staff("dana2"), at=NOON + timedelta(days=1))
    return ada


@pytest.mark.parametrize("path", ["", "reads/", "rows/", "events/1/", "rows/platform_user/1/"])
def test_the_trail_is_for_auditors_and_administrators(desk, path):
    assert desk.get(AUDIT + path).status_code == 403


def test_an_auditor_opens_every_page_of_it(signed_in):
    auditor = signed_in("auditor")
    for path in ("", "reads/", "rows/"):
        assert auditor.get(AUDIT + path).status_code == 200


def test_events_stand_the_last_first_with_who_what_and_why(trail):
    answer = trail.get(f"{AUDIT}?since=2026-11-01")
    assert about(answer) == ["receipt:4", "receipt:3", "bill:2", "bill:1"]
    assert "scheduled" in text(answer)
    assert "system:bill-run" in text(answer)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=dana", ["receipt:3", "bill:2"]),
        ("actor=system:bill-run", ["bill:1"]),
        ("actor=dan", []),
        ("subject=bill:2", ["bill:2"]),
        ("subject=receipt", ["receipt:4", "receipt:3"]),
        ("name=payments.", ["receipt:4", "receipt:3"]),
        ("since=2026-11-18&until=2026-11-18", ["receipt:3", "bill:2", "bill:1"]),
        ("since=2026-11-19", ["receipt:4"]),
        ("actor=dana&name=billing", ["bill:2"]),
    ],
)
def test_the_trail_is_filtered_by_who_what_about_and_the_utilitys_day(trail, query, found):
    path = f"{AUDIT}?{query}" if "since" in query else f"{AUDIT}?since=2026-11-01&{query}"
    assert about(trail.get(path)) == found


def test_a_day_that_is_none_is_told_at_the_field(ada):
    assert "Enter a valid date." in text(ada.get(f"{AUDIT}?since=yesterday"))


def test_the_trail_is_exported_whole(trail):
    answer = trail.get(f"{AUDIT}?since=2026-11-01&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 5


def test_more_events_ask_no_more_questions(trail, django_assert_max_num_queries):
    trail.get(AUDIT)
    with CaptureQueriesContext(connection) as few:
        trail.get(AUDIT)
    for number in range(20):
        happened(subject=f"bill:{number}", account=number)
    with django_assert_max_num_queries(len(few)):
        trail.get(AUDIT)


def test_an_event_tells_its_figures(ada):
    event = happened(cents=8466, days=30)
    page = text(ada.get(f"{AUDIT}events/{event.pk}/"))
    assert "billing.bill.issued" in page
    assert "8466" in page
    assert ada.get(f"{AUDIT}events/999999/").status_code == 404


def test_words_about_an_account_are_for_those_who_may_see_accounts(ada, signed_in):
    event = happened("accounts.note.written", "account:204518-7", account=7, remark="Her son calls for her.")
    other = happened("platform.approval.refused", "notice-template:1", remark="Say when the office opens.")
    path = f"{AUDIT}events/{event.pk}/"
    assert "Her son" not in text(ada.get(path))
    assert "shown to those who may see accounts" in text(ada.get(path))
    assert "Her son calls for her." in text(signed_in("auditor").get(path))
    assert "Say when the office opens." in text(ada.get(f"{AUDIT}events/{other.pk}/"))


def test_reads_of_sensitive_records_tell_who_which_and_by_what_right(ada):
    assert "Nobody has read a sensitive record yet." in text(ada.get(f"{AUDIT}reads/"))
    record_access(subject="person:8812", permission="identity.view", by=DANA, at=NOON)
    record_access(subject="person:8813", permission="identity.view", by=staff("renee"), at=NOON)
    page = ada.get(f"{AUDIT}reads/?actor=dana")
    assert about(page) == ["person:8812"]
    assert "identity.view" in text(page)
    assert about(ada.get(f"{AUDIT}reads/?subject=person:8813")) == ["person:8813"]
    assert "Nothing matches this filter." in text(ada.get(f"{AUDIT}reads/?until=2026-11-17"))


@pytest.fixture
def grant(ada) -> RoleGrant:
    """A role that was given and ended, so that its row has a past."""
    grant = RoleGrant.objects.get(user=make_person("dana", "Dana Reyes", "csr"))
    with unit_of_work(ADA):
        end_role(grant=grant, on=NOON.date(), by=ADA, at=LONG_AGO)
    return grant


def test_a_filter_without_a_match_says_so(ada, grant):
    assert "Nothing matches this filter." in text(ada.get(f"{AUDIT}rows/?table=nothing_of_ours"))


def test_a_changed_row_is_found_and_tells_what_it_was(ada, grant):
    listed = text(ada.get(f"{AUDIT}rows/?table=platform_rolegrant"))
    here = f"{AUDIT}rows/platform_rolegrant/{grant.pk}/"
    assert f'href="{here}"' in listed
    page = text(ada.get(here))
    assert "[2020-01-02,)" in page
    assert "[2020-01-02,2026-11-18)" in page
    assert "staff:administrator" in page


def test_the_look_at_a_row_is_itself_recorded(ada, grant):
    ada.get(f"{AUDIT}rows/platform_rolegrant/{grant.pk}/")
    noted = AccessRecord.objects.get()
    assert (noted.subject, noted.permission) == (f"platform_rolegrant:{grant.pk}", "audit.view")
    assert ada.get(f"{AUDIT}rows/platform_rolegrant/999999/").status_code == 404
    assert ada.get(f"{AUDIT}rows/platform_rolegrant/x/").status_code == 404
    assert AccessRecord.objects.count() == 1, "what was not there was not read"


def test_a_removed_row_says_so_with_all_that_it_was(ada, grant):
    key = grant.pk
    with unit_of_work(ADA):
        grant.delete()
    page = text(ada.get(f"{AUDIT}rows/platform_rolegrant/{key}/"))
    assert "removed" in page
    assert page.count("[2020-01-02,2026-11-18)") == 2, "as it was removed, and as it had become"


def test_passwords_are_never_shown(ada):
    dana = make_person("dana", "Dana Reyes", "csr")
    before = dana.password
    dana.set_password("another lamp on the pier")
    dana.save()
    page = text(ada.get(f"{AUDIT}rows/platform_user/{dana.pk}/"))
    assert "(password, not shown)" in page
    assert before not in page
    assert dana.password not in page
