"""Nothing is turned off without every condition; each is taken away in turn, and random histories find no way past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.credit.law.california import MUNICIPAL
from lamplighter.credit.law.parameters import HoldKind
from lamplighter.credit.law.washington import UTILITY as WASHINGTON
from lamplighter.credit.rules.certificate import RULES, decide
from lamplighter.credit.rules.facts import Alerted, Contact, Debt, Evidence, Held, How, Mailing, Reason, Weather, plain
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period
from tests.credit import soak_certificates
from tests.credit.checker import wrongs
from tests.credit.histories import ZONE, facts_of, lawful, random_history

MONDAY = datetime(2026, 12, 7, 18, tzinfo=UTC)  # ten in the morning
TODAY = Period(date(2026, 12, 7), date(2026, 12, 8))
GOOD = facts_of(lawful(MONDAY))
HOUR = timedelta(hours=1)


def judge(facts=GOOD, at=MONDAY, reason=Reason.NON_PAYMENT, pack=MUNICIPAL):
    return decide(facts, reason=reason, pack=pack, at=at, zone=ZONE)


def refused(*args, **kwargs) -> list[str]:
    return [check.code for check in judge(*args, **kwargs).refusals]


def weather(*alerts: str, asked_at=MONDAY - HOUR, covers=TODAY) -> Weather:
    return Weather(asked_at, "duty officer", covers, tuple(Alerted(name, TODAY) for name in alerts))


def test_where_everything_was_done_in_time_power_may_go_off():
    assert judge().allowed
    assert judge().pack == "california-municipal/1"


TAKEN_AWAY = {
    "read yesterday": (replace(GOOD, read_at=MONDAY - timedelta(days=1)), ["fresh"]),
    "read in the future": (replace(GOOD, read_at=MONDAY + HOUR), ["fresh"]),
    "paid": (replace(GOOD, debts=()), ["debt", "notice", "contact"]),
    "owes $49.99": (replace(GOOD, debts=(Debt(date(2026, 10, 20), date(2026, 11, 10), Money(4999)),)),
                    ["debt", "notice", "contact"]),
    "never told": (replace(GOOD, mailings=()), ["notice", "contact"]),
    "notice came back": (replace(GOOD, mailings=(replace(GOOD.mailings[0], failed=True),)), ["notice", "contact"]),
    "notice too soon after the bill": (
        replace(GOOD, mailings=(Mailing(1, GOOD.debts[0].mailed_on + timedelta(days=18), Money(18642)),)),
        ["notice", "contact"]),
    "told of another, smaller debt": (replace(GOOD, mailings=(replace(GOOD.mailings[0], amount=Money(4000)),)),
                                      ["notice", "contact"]),
    "nobody called": (replace(GOOD, contacts=()), ["contact"]),
    "called an hour ago": (replace(GOOD, contacts=(Contact(How.PHONE, MONDAY - HOUR, reached=True),)), ["contact"]),
    "called, not reached": (replace(GOOD, contacts=(Contact(How.PHONE, MONDAY - 30 * HOUR),)), ["contact"]),
    "on a plan": (replace(GOOD, arranged=(Period(date(2026, 12, 1)),)), ["arrangement"]),
    "given more time": (replace(GOOD, promised=(Period(date(2026, 12, 1), date(2026, 12, 8)),)), ["extension"]),
    "a plan ended after the notice": (replace(GOOD, arranged=(Period(date(2026, 11, 20), date(2026, 12, 1)),)),
                                      ["notice", "contact"]),
    "tenants untold": (replace(GOOD, tenants="master-metered"), ["tenants"]),
    "metered in an unknown way": (replace(GOOD, tenants="somehow"), ["tenants"]),
    "no weather": (replace(GOOD, weather=None), ["weather"]),
    "old weather": (replace(GOOD, weather=weather(asked_at=MONDAY - 7 * HOUR)), ["weather"]),
    "weather of yesterday": (replace(GOOD, weather=weather(covers=Period(date(2026, 12, 6), date(2026, 12, 7)))),
                             ["weather"]),
    "heat": (replace(GOOD, weather=weather("Extreme Heat Warning")), ["weather"]),
    "heat by the old name": (replace(GOOD, weather=weather("Excessive Heat Warning")), ["weather"]),
    "nobody to reconnect": (replace(GOOD, staffed=()), ["reconnection"]),
    "moved out today": (replace(GOOD, served=Period(date(2024, 1, 1), date(2026, 12, 7))), ["served"]),
    "somebody else lives there": (
        replace(GOOD, served=Period(date(2024, 1, 1), date(2026, 12, 7)), successor=True), ["served", "successor"]),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "codes"), TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_what_is_missing_keeps_the_power_on_and_is_named(facts, codes):
    assert refused(facts) == codes


@pytest.mark.parametrize("kind", HoldKind)
def test_every_protection_keeps_the_power_on_with_its_citation(kind):
    held = replace(GOOD, holds=(Held(kind, Period(date(2026, 12, 1))),))
    (check,) = judge(held).refusals
    assert check.code == "holds"
    assert kind.label in check.says
    assert check.cites


@pytest.mark.parametrize("kind", [kind for kind in HoldKind if kind in WASHINGTON.holds])
def test_washington_knows_its_protections_too(kind):
    held = replace(GOOD, holds=(Held(kind, Period(date(2026, 12, 1))),))
    assert "holds" in refused(held, pack=WASHINGTON)


def test_winter_protection_is_for_homes_in_winter():
    held = replace(GOOD, holds=(Held(HoldKind.WINTER, Period(date(2026, 3, 1))),))
    assert "holds" in refused(held, pack=WASHINGTON)
    assert "holds" not in refused(replace(held, customer_class="commercial"), pack=WASHINGTON)
    june = datetime(2026, 6, 8, 18, tzinfo=UTC)
    assert "holds" not in refused(held, at=june, pack=WASHINGTON)


def test_a_notice_at_the_door_for_48_hours_stands_in_for_a_call_that_reached_nobody():
    tried = Contact(How.PHONE, MONDAY - 50 * HOUR)
    assert judge(replace(GOOD, contacts=(tried, Contact(How.POSTED, MONDAY - 48 * HOUR)))).allowed
    assert refused(replace(GOOD, contacts=(tried, Contact(How.POSTED, MONDAY - 47 * HOUR)))) == ["contact"]
    assert refused(replace(GOOD, contacts=(Contact(How.POSTED, MONDAY - 48 * HOUR),))) == ["contact"]


@pytest.mark.parametrize(
    ("local", "why"),
    [
        ("2026-12-04 10:00", "Friday"), ("2026-12-05 10:00", "Saturday"), ("2026-12-06 10:00", "Sunday"),
        ("2026-12-07 08:29", "before the office opens"), ("2026-12-07 17:00", "after it closes"),
        ("2026-12-24 10:00", "the day before Christmas"), ("2026-11-26 10:00", "Thanksgiving"),
    ],
)  # fmt: skip
def test_the_calendar_keeps_the_power_on(local, why):
    at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    assert refused(facts_of(lawful(at)), at=at) == ["calendar"], why


def test_it_is_too_early_by_a_day_and_the_first_day_is_named():
    mailed = replace(GOOD, mailings=(Mailing(1, date(2026, 11, 18), Money(18642)),))
    before = datetime(2026, 12, 3, 18, tzinfo=UTC)
    decision = judge(replace(mailed, read_at=before, weather=None), at=before)
    assert decision.off_on == date(2026, 12, 7)
    assert "Earliest turn-off is Mon, Dec 7." in [check.says for check in decision.refusals]
    assert judge(mailed).allowed


SEEN = Evidence("SO-55210", MONDAY - HOUR, "staff:sam", "staff:renee", date(2026, 12, 7))


def test_danger_is_turned_off_on_a_sunday_without_notice():
    sunday = datetime(2026, 12, 6, 11, tzinfo=UTC)
    facts = replace(GOOD, debts=(), mailings=(), read_at=sunday, evidence=replace(SEEN, seen_at=sunday - HOUR))
    assert judge(facts, at=sunday, reason=Reason.HAZARD).allowed
    assert refused(replace(facts, evidence=None), at=sunday, reason=Reason.HAZARD) == ["hazard"]
    stale = replace(facts, evidence=replace(SEEN, seen_at=sunday - timedelta(days=2)))
    assert refused(stale, at=sunday, reason=Reason.HAZARD) == ["hazard"]


def test_danger_where_life_support_runs_needs_a_second_person():
    held = replace(GOOD, holds=(Held(HoldKind.LIFE_SUPPORT, Period(date(2026, 1, 1))),), evidence=SEEN)
    assert judge(held, reason=Reason.HAZARD).allowed
    alone = replace(held, evidence=replace(SEEN, decided_by="staff:sam"))
    assert refused(alone, reason=Reason.HAZARD) == ["hazard"]


def test_unauthorized_use_needs_evidence_and_a_second_person():
    assert judge(replace(GOOD, evidence=SEEN), reason=Reason.UNAUTHORIZED_USE).allowed
    assert refused(GOOD, reason=Reason.UNAUTHORIZED_USE) == ["investigation"]
    alone = replace(GOOD, evidence=replace(SEEN, decided_by=""))
    assert refused(alone, reason=Reason.UNAUTHORIZED_USE) == ["investigation"]


def test_after_a_move_out_power_goes_off_unless_somebody_else_begins():
    gone = replace(GOOD, served=Period(date(2024, 1, 1), date(2026, 12, 7)))
    assert judge(gone, reason=Reason.MOVE_OUT).allowed
    assert refused(GOOD, reason=Reason.MOVE_OUT) == ["stopped"]
    assert refused(replace(gone, successor=True), reason=Reason.MOVE_OUT) == ["successor"]
    ill = replace(gone, holds=(Held(HoldKind.MEDICAL, Period(date(2026, 1, 1))),))
    assert refused(ill, reason=Reason.MOVE_OUT) == ["protected"]


def test_a_customer_asks_for_a_day_and_tenants_are_told_first():
    assert judge(replace(GOOD, evidence=SEEN), reason=Reason.REQUEST).allowed
    tomorrow = replace(GOOD, evidence=replace(SEEN, for_day=date(2026, 12, 8)))
    assert refused(tomorrow, reason=Reason.REQUEST) == ["asked"]
    gone = replace(GOOD, evidence=SEEN, served=Period(date(2024, 1, 1), date(2026, 12, 7)), successor=True)
    assert refused(gone, reason=Reason.REQUEST) == ["served", "successor"]
    landlord = replace(GOOD, evidence=SEEN, tenants="individually-metered")
    assert refused(landlord, reason=Reason.REQUEST) == ["tenants"]


def test_every_reason_reads_the_account_anew():
    assert all("fresh" in [code for code, _ in rules] for rules in RULES.values())
    assert set(RULES) == set(Reason)


def test_what_was_read_is_kept_as_plain_figures():
    kept = plain(GOOD)
    assert kept["debts"] == [{"mailed_on": "2026-10-20", "due_on": "2026-11-10", "amount": 18642}]
    assert kept["weather"]["owner"] == "duty officer"
    assert kept["evidence"] is None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_no_wrongful_cut_passes_and_no_lawful_one_is_refused(dice):
    history = random_history(dice)
    decision = judge(facts_of(history), at=history.at)
    assert decision.allowed == (not wrongs(history)), (history, decision.refusals, wrongs(history))


def test_the_long_run_finds_histories_of_both_kinds():
    assert "both readings agree" in soak_certificates.soak(1.5, seed=366)
