"""A person decides: as read, with other values, or estimated. Each decision is a revision with a why."""

from __future__ import annotations

from datetime import date

import pytest

from lamplighter.journeys import reading
from lamplighter.kernel.energy import Quality
from lamplighter.platform.models import Event
from lamplighter.platform.queries.events import events_about
from lamplighter.usage.models import IntervalException, Publication, RegisterRead
from lamplighter.usage.operations.deciding import CannotDecide, StaleDecision
from lamplighter.usage.queries.exceptions import decided_exceptions, open_exceptions, seen
from lamplighter.usage.queries.published import published
from lamplighter.usage.store import interval_store
from lamplighter.worklist.models import Item
from tests.town import DANA
from tests.usage.feeds import REGISTERS, USUAL, WEEK, days, hours, stored, values

MAY_5 = date(2026, 5, 5)
SPIKE = 24 + 9


def spiked(at=SPIKE, count=30_000):
    return [*USUAL[:at], count, *USUAL[at + 1 :]]


def decide(act, town, *rows, values=None, **given):
    given = {
        "exceptions": [row.pk for row in rows],
        "seen": published().watermark,
        "remark": "checked by phone",
    } | given
    if values is not None:
        given["values"] = values
    return act(**given, by=DANA, at=town.at)


@pytest.fixture
def spike(home, feed):
    feed(hours("2026-05-04", spiked()))
    return IntervalException.objects.get()


def test_the_page_shows_the_curve_the_rule_and_the_proposal(home, spike):
    found = seen(spike)
    assert (found.rule.label, found.rule.measured, found.rule.threshold) == ("Spike", "30,000 Wh", "3,306 Wh")
    assert (found.period, len(found.points), len(found.last_year)) == (days("2026-05-04", "2026-05-07"), 72, 7 * 24)
    marked = [point for point in found.points if point.marked]
    (point,) = marked
    assert (point.day, point.clock, point.slot, point.value, point.raw) == (MAY_5, "09:00", 9, 30_000, 30_000)
    assert (point.quality, point.proposed, found.no_proposal) == (Quality.QUESTIONABLE, 661, ""), "between 621 and 701"
    assert found.amount(point.value) == 30_000
    assert [point.value for point in found.last_year] == [None] * 7 * 24


def test_as_read_is_verified_and_never_asked_again(home, town, feed, spike):
    decided = decide(reading.accept, town, spike)
    block = stored(home.channel, WEEK)
    assert (block.values[0, SPIKE], block.quality[0, SPIKE]) == (30_000, Quality.VERIFIED)
    assert (decided.publication.kind, decided.changes) == ("edit", ())
    spike.refresh_from_db()
    assert (spike.state, spike.decided_by, spike.decided_in, str(spike.remark)) == (
        "accepted", DANA, decided.publication, "checked by phone",
    )  # fmt: skip
    item = Item.objects.get()
    assert (item.state, item.outcome) == ("done", "resolved")
    feed(hours("2026-05-11", USUAL[:24]))
    assert not open_exceptions().exists()
    assert list(decided_exceptions(channel=home.channel.pk)) == [spike]


def test_as_estimated_is_what_was_proposed(home, town, feed, spike):
    proposed = next(point.proposed for point in seen(spike).points if point.marked)
    decided = decide(reading.estimate, town, spike)
    block = stored(home.channel, WEEK, raw=True)
    assert (block.values[0, SPIKE], block.raw[0, SPIKE]) == (proposed, 30_000), "what came in is kept"
    assert block.quality[0, SPIKE] == Quality.ESTIMATED_LINEAR
    assert [(c.channel, c.period) for c in decided.changes] == [(home.channel.pk, days("2026-05-05", "2026-05-06"))]
    again = feed([*hours("2026-05-04", spiked()), *hours("2026-05-11", USUAL[:24])])
    assert (again.file.unchanged, values(home.channel, WEEK)[SPIKE]) == (168, proposed), "sent again it stays out"
    feed(hours("2026-05-05", [None] * 9 + [700]))
    assert values(home.channel, WEEK)[SPIKE] == 700, "another reading is better than an estimate"


def test_edited_values_have_a_reason_and_the_old_ones_stay(home, town, spike):
    decided = decide(reading.edit, town, spike, values={(MAY_5, 9): 640}, remark="misplaced decimal point")
    block = stored(home.channel, WEEK, raw=True)
    assert (block.values[0, SPIKE], block.raw[0, SPIKE], block.quality[0, SPIKE]) == (640, 30_000, Quality.EDITED)
    history = interval_store().history(home.channel.pk, MAY_5, published=published())
    assert [int(revision.values[9]) for revision in history] == [30_000, 640]
    spike.refresh_from_db()
    assert (spike.state, decided.noticed) == ("edited", ())
    event = Event.objects.get(name="usage.exception.decided")
    assert (event.account, str(event.remark), event.data["decision"]) == (
        home.account.pk, "misplaced decimal point", "edited",
    )  # fmt: skip
    assert event in events_about(account=home.account.pk)


def test_an_edit_is_judged_as_an_override(home, town, spike):
    decide(reading.edit, town, spike, values={(MAY_5, 9): -5})
    assert values(home.channel, WEEK)[SPIKE] == -5, "a person may know better; what the rules say is told"
    assert not open_exceptions().exists()


def test_what_is_refused_changes_nothing(home, town, spike):
    before = Publication.objects.count()
    for values_, says in (
        ({(MAY_5, 24): 5}, "has no interval 25 here"),
        ({(date(2026, 6, 1), 0): 5}, "Jun 1, 2026 has no interval"),
        ({(MAY_5, 9): 2**40}, "too large"),
        ({}, "at least one value"),
    ):
        with pytest.raises(CannotDecide, match=says):
            decide(reading.edit, town, spike, values=values_)
    with pytest.raises(CannotDecide, match="Say why"):
        decide(reading.accept, town, spike, remark=" ")
    assert (Publication.objects.count(), IntervalException.objects.get().state) == (before, "open")


def test_a_stale_decision_is_refused(home, town, feed, spike):
    then = published().watermark
    feed(hours("2026-05-12", USUAL[:24]))
    decide(reading.accept, town, spike, seen=then)
    second = spiked(24 * 3 + 9)
    feed(hours("2026-05-11", second[24 * 3 : 24 * 4]))
    (row,) = open_exceptions()
    then = published().watermark
    decide(reading.edit, town, row, values={(row.day, row.slot): 5})
    with pytest.raises(CannotDecide, match="decided meanwhile: edited"):
        decide(reading.accept, town, row)
    IntervalException.objects.filter(pk=row.pk).update(state="open", decided_by=None, decided_at=None)
    with pytest.raises(StaleDecision, match="Look at it again"):
        decide(reading.accept, town, row, seen=then)


def test_several_are_decided_at_once(home, town, feed):
    counts = spiked()
    counts[24 * 4 + 9] = 40_000
    feed(hours("2026-05-04", counts))
    rows = list(open_exceptions())
    assert len(rows) == 2
    decided = decide(reading.estimate, town, *rows)
    assert len(decided.exceptions) == 2
    assert [row.state for row in IntervalException.objects.all()] == ["estimated"] * 2
    assert Publication.objects.filter(kind="edit").count() == 1
    event = Event.objects.get(name="usage.exception.decided")
    assert (event.data["day"], event.data["last"], event.data["count"]) == ("2026-05-05", "2026-05-08", 2)
    assert Item.objects.get().state == "done"


def test_one_of_two_decided_leaves_the_item_open(home, town, feed):
    counts = spiked()
    counts[24 * 4 + 9] = 40_000
    feed(hours("2026-05-04", counts))
    assert "2 exceptions since May 5" in Item.objects.get().summary
    decide(reading.accept, town, open_exceptions()[0])
    item = Item.objects.get()
    assert (item.state, item.times) == ("open", 1)
    assert "an exception since May 8" in item.summary


def test_of_two_values_either_can_be_chosen(home, town, feed):
    feed(hours("2026-05-04", USUAL))
    feed(hours("2026-05-05", [None] * 6 + [9999, 8888]))
    row = IntervalException.objects.get()
    chosen = {(row.day, slot): count for slot, count in zip(row.evidence["slots"], row.evidence["came"], strict=True)}
    decide(reading.edit, town, row, values=chosen)
    assert values(home.channel, WEEK)[30:32] == [9999, 8888]
    again = feed([*hours("2026-05-04", USUAL), *hours("2026-05-11", USUAL[:24])])
    assert (again.exceptions, values(home.channel, WEEK)[30:32]) == (0, [9999, 8888]), "what came first is known too"


def test_the_stored_value_kept_is_not_asked_about_again(home, town, feed):
    feed(hours("2026-05-04", USUAL))
    feed(hours("2026-05-05", [None] * 6 + [9999]))
    decide(reading.accept, town, IntervalException.objects.get())
    assert stored(home.channel, WEEK).quality[0, 30] == Quality.VERIFIED
    assert feed([*hours("2026-05-05", [None] * 6 + [9999]), *hours("2026-05-11", USUAL[:24])]).exceptions == 0
    assert feed(hours("2026-05-05", [None] * 6 + [7777])).exceptions == 1, "a third value is another matter"


def test_a_long_gap_is_estimated_when_a_person_says_so(home, town, feed):
    feed(hours("2026-05-04", USUAL))
    town.on("2026-07-01")
    feed(hours("2026-06-20", [count + 1 for count in USUAL]))
    (row,) = open_exceptions()
    decide(reading.estimate, town, row)
    gap = stored(home.channel, days("2026-05-11", "2026-06-20"))
    assert set(gap.quality[0].tolist()) == {Quality.ESTIMATED_REFERENCE_DAY}
    feed(hours("2026-06-27", USUAL[:24]))
    assert stored(home.channel, days("2026-05-11", "2026-06-20")).values.tolist() == gap.values.tolist()


def test_what_has_no_basis_is_not_estimated(home, town, feed):
    feed(hours("2026-05-05", [-5, *[None] * 22, -7]))
    rows = list(open_exceptions(rule="vee.negative"))
    assert len(rows) == 2
    assert seen(rows[0]).no_proposal.startswith("Nothing tells what these intervals were")
    with pytest.raises(CannotDecide, match="Nothing tells"):
        decide(reading.estimate, town, *rows)


def test_of_two_register_reads_the_right_one_is_entered(home, town, feed):
    at = hours("2026-05-04", [0])[0][1]
    feed([("E-0001", at, 100)], "register", REGISTERS)
    feed([("E-0001", at, 700)], "register", REGISTERS)
    row = IntervalException.objects.select_related("channel__meter").get()
    assert (seen(row).points, seen(row).rule.label) == ((), "Register read twice")
    with pytest.raises(CannotDecide, match="is not estimated here"):
        decide(reading.estimate, town, row)
    decided = decide(reading.edit, town, row, values={(row.day, row.slot): 700})
    assert [(read.count, read.quality) for read in decided.reads] == [(700, Quality.EDITED)]
    assert RegisterRead.objects.get(superseded_by__isnull=True).count == 700
    assert Item.objects.get().state == "done"


def test_what_was_read_before_somebody_came_is_not_put_on_their_account(home, feed):
    """One file reaches from the empty house into service: each matter is of whoever lived there on its own days."""
    vacant = hours("2026-04-20", USUAL[:24])
    feed([*vacant, *hours("2026-05-04", spiked())])
    found = {row.rule: row.account for row in open_exceptions()}
    assert found == {"vee.inactive-use": None, "vee.spike": home.account.pk}
