"""The same matter waits once, however often and in whatever order it is raised."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.kernel.findings import Severity
from lamplighter.platform.models import Event, PastRow
from lamplighter.worklist import kinds
from lamplighter.worklist.kinds import Desk, declare
from lamplighter.worklist.models import Item, Step
from lamplighter.worklist.operations import dismiss, finish, finish_where, raise_items
from tests.worklist.conftest import AT, DANA, NIGHT, RETURNED, SILENT, returned, silent

pytestmark = pytest.mark.django_db


def test_an_item_says_what_why_and_by_when(raised):
    result = raised(returned())
    item = Item.objects.get()
    assert (result.new, result.again) == ((item.pk,), ())
    assert (item.kind, item.subject, item.account, str(item)) == (
        "payments.returned", "payment:1", 7, "Check returned, $60.00",
    )  # fmt: skip
    assert (item.state, item.owner, item.times) == ("open", None, 1)
    assert item.due_at == AT + timedelta(hours=7)  # 5 pm
    assert [(s.act, s.by, s.at) for s in item.steps.all()] == [("raised", NIGHT, AT)]


def test_raising_again_counts_and_keeps_the_newest_words(raised):
    raised(silent(1))
    later = AT + timedelta(days=1)
    result = raised(silent(1, data={"days": 4}, severity=Severity.ERROR), at=later)
    item = Item.objects.get()
    assert (result.new, result.again) == ((), (item.pk,))
    assert (item.times, item.last_seen_at, item.raised_at) == (2, later, AT)
    assert (item.data, item.severity) == ({"days": 4}, Severity.ERROR)
    assert Step.objects.count() == 1


def test_being_merely_seen_again_leaves_no_history(raised):
    raised(silent(1))
    raised(silent(1), at=AT + timedelta(minutes=1))
    assert not PastRow.objects.exists()
    raised(silent(1, data={"days": 4}), at=AT + timedelta(days=1))
    assert PastRow.objects.get().was["data"] == {}


def test_what_was_done_and_comes_again_is_a_new_item(raised):
    raised(returned())
    finish(item=Item.objects.get(), outcome="reversed", by=DANA, at=AT)
    raised(returned())
    dismiss(item=Item.objects.waiting().get(), by=DANA, at=AT, remark="The bank's error")
    raised(returned())
    assert [i.state for i in Item.objects.order_by("id")] == ["done", "dismissed", "open"]


def test_one_kind_may_have_several_matters_of_one_subject(raised):
    raised(returned(dedupe="payment:1/first"), returned(dedupe="payment:1/second"))
    assert Item.objects.count() == 2


draft_lists = st.lists(
    st.builds(
        silent,
        st.integers(1, 4),
        due_at=st.none() | st.just(AT + timedelta(days=9)),
        severity=st.sampled_from(Severity),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draft_lists, st.randoms(use_true_random=False), st.lists(st.integers(0, 12), max_size=3))
def test_any_order_and_any_grouping_ends_the_same(drafts, random, cuts):
    def outcome(groups):
        with transaction.atomic():
            for group in groups:
                raise_items(drafts=group, at=AT, by=NIGHT)
            fields = "kind", "dedupe", "subject", "summary", "severity", "due_at", "times", "last_seen_at"
            rows = sorted(Item.objects.values_list(*fields))
            assert Step.objects.count() == len(rows)
            transaction.set_rollback(True)
        return rows

    shuffled = random.sample(drafts, len(drafts))
    edges = [0, *sorted(min(cut, len(drafts)) for cut in cuts), len(drafts)]
    assert outcome([shuffled[a:b] for a, b in pairwise(edges)]) == outcome([drafts])


def test_thousands_take_one_statement_and_one_event(raised):
    drafts = [silent(serial) for serial in range(5000)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        raise_items(drafts=drafts, at=AT, by=NIGHT)
    assert len(queries) == 2
    assert Item.objects.count() == Step.objects.count() == 5000
    raised(*drafts[:10], silent(5000))
    told = Event.objects.filter(name="worklist.items.raised").order_by("id")
    assert [(e.subject, e.data) for e in told] == [
        ("worklist:usage.silent-meter", {"new": 5000, "again": 0}),
        ("worklist:usage.silent-meter", {"new": 1, "again": 10}),
    ]


def test_when_the_cause_is_gone_the_item_closes_by_itself(raised):
    raised(silent(1), silent(2), silent(3), returned("meter:1"))
    closed = finish_where(subjects=["meter:1", "meter:2"], kind=SILENT.key, by=NIGHT, at=AT)
    done = Item.objects.filter(pk__in=closed)
    assert {(i.subject, i.state, i.outcome) for i in done} == {
        ("meter:1", "done", "resolved"), ("meter:2", "done", "resolved"),
    }  # fmt: skip
    assert {i.subject for i in Item.objects.waiting()} == {"meter:1", "meter:3"}
    assert [s.act for s in done[0].steps.order_by("id")] == ["raised", "resolved"]
    assert finish_where(subjects=["meter:1", "meter:2"], kind=SILENT.key, by=NIGHT, at=AT) == ()
    assert Event.objects.get(name="worklist.items.resolved").data == {"count": 2}


def test_without_a_kind_everything_about_the_subject_closes(raised):
    raised(silent(1), returned("meter:1"))
    assert len(finish_where(subjects=["meter:1"], by=NIGHT, at=AT)) == 2


def test_a_kind_that_nobody_declares_is_a_fault(raised):
    kinds._declared.pop(RETURNED.key)
    with pytest.raises(AssertionError, match="no context declares"):
        raised(returned())


def test_a_kind_is_declared_once():
    with pytest.raises(AssertionError, match="is declared"):
        declare(RETURNED)
    assert kinds.kinds(Desk.SERVICE) == (RETURNED,)


def test_steps_never_change(raised):
    raised(returned())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Step.objects.update(by=DANA)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Step.objects.all()._raw_delete("default")


def test_the_database_holds_the_sequence(raised):
    raised(returned())
    for wrong in ({"state": "taken"}, {"state": "done"}, {"outcome": "reversed"}, {"owner": DANA}):
        with pytest.raises(IntegrityError, match="item_"), transaction.atomic():
            Item.objects.update(**wrong)
