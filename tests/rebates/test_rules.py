"""What a rebate is worth beside what others give, whom the sample draws, what is asked back, how far a goal is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.kernel.money import ZERO, Money
from lamplighter.rebates.rules.drawing import draw, lot
from lamplighter.rebates.rules.progress import Kpi, Standing, progress
from lamplighter.rebates.rules.qualifying import Asked, PaperKind, Way, needed, refusals, too_early
from lamplighter.rebates.rules.savings import Counted, Inspected, Saved, realisation, summed
from lamplighter.rebates.rules.worth import Basis, Form, Other, Rate, stack, unearned, worth

LAMPS = Rate(Basis.DEEMED, "lamps", Decimal(45), cost_percent=50, most=Money(1_000_000))
AMOUNTS = st.integers(0, 5_000_000).map(Money)
QUANTITIES = st.decimals(0, 5000, places=2)


def other(form, value, most=None, *, stacks=True, name="Grant"):
    return Other("State", name, form, Decimal(value), most, stacks, "invented", 1)


def test_units_times_the_rate_held_to_a_share_of_the_cost_to_the_most_and_to_what_others_leave():
    assert worth(LAMPS, Decimal(60), cost=Money(900_000)).amount == Money(270_000)
    held = worth(LAMPS, Decimal(60), cost=Money(400_000))
    assert held.amount == Money(200_000)
    assert held.says == ("60 lamps at $45 each: $2,700.00.", "No more than 50% of the cost of $4,000.00: $2,000.00.")
    assert worth(LAMPS, Decimal(900), cost=Money(9_000_000)).amount == Money(1_000_000)
    left = worth(LAMPS, Decimal(60), cost=Money(900_000), others=Money(800_000))
    assert left.amount == Money(100_000)
    assert left.says[-1].startswith("Others leave $1,000.00")


def test_others_come_first_each_by_the_whole_cost_and_what_does_not_stack_is_told_apart():
    others = [other(Form.PERCENT, "30", Money(300_000)), other(Form.UNIT, "20"), other(Form.FIXED, "500"),
              other(Form.FIXED, "9000", stacks=False, name="Loan")]  # fmt: skip
    found = stack(LAMPS, others, Decimal(60), cost=Money(900_000))
    assert [amount for _, amount in found.others] == [Money(270_000), Money(120_000), Money(50_000)]
    assert found.ours.amount == Money(270_000)
    assert (found.together, found.left) == (Money(710_000), Money(190_000))
    assert [one.name for one in found.instead] == ["Loan"]


@given(QUANTITIES, AMOUNTS, st.lists(st.tuples(st.sampled_from(list(Form)), st.decimals("0.01", 100, places=2))))
def test_nobody_is_paid_more_than_they_spent(quantity, cost, gifts):
    found = stack(LAMPS, [other(form, value) for form, value in gifts], quantity, cost=cost)
    assert ZERO <= found.ours.amount <= cost
    assert found.together <= cost
    assert found.left >= ZERO


@given(st.integers(1, 10**9), st.integers(0, 100), st.text(min_size=1, max_size=8))
def test_the_same_seed_draws_the_same_and_large_ones_are_always_looked_at(number, percent, seed):
    first, again = (draw(str(number), seed=seed, percent=percent, amount=Money(1), always_from=None) for _ in range(2))
    assert first == again
    assert 0 <= lot(str(number), seed=seed) < 1
    assert draw(str(number), seed=seed, percent=0, amount=Money(500), always_from=Money(500)).drawn


def test_the_sample_is_about_as_large_as_it_should_be_and_another_seed_draws_others():
    def drawn(seed):
        return [n for n in range(4000) if draw(str(n), seed=seed, percent=20, amount=Money(1), always_from=None).drawn]

    assert len(drawn("a")) / 4000 == pytest.approx(0.2, abs=0.02)
    assert drawn("a") != drawn("b")


def test_a_measure_is_for_its_classes_at_a_running_service_once():
    asked = Asked("residential", Decimal(1), Money(1), serves=False, live="30001-2")
    said = refusals(asked, classes=frozenset({"commercial"}), amount=Money(1))
    assert len(said) == 3
    assert "commercial" in said[0]
    assert "30001-2" in said[2]
    fine = Asked("commercial", Decimal(1), Money(1), serves=True)
    assert refusals(fine, classes=frozenset({"commercial"}), amount=Money(1)) == ()
    assert "comes to nothing" in refusals(fine, classes=frozenset({"commercial"}), amount=ZERO)[0]


def test_checks_take_a_w9_and_contractors_an_assignment_and_work_done_before_has_no_rebate():
    papers = frozenset({PaperKind.INVOICE})
    assert needed(papers, Way.CREDIT) == papers
    assert PaperKind.W9 in needed(papers, Way.CHECK)
    assert {PaperKind.W9, PaperKind.ASSIGNMENT} <= needed(papers, Way.CONTRACTOR)
    assert too_early(date(2026, 8, 1), received_on=date(2026, 8, 2))
    assert not too_early(date(2026, 8, 2), received_on=date(2026, 8, 2))


@pytest.mark.parametrize(
    ("on", "back"),
    [("2026-01-31", 60_000), ("2026-02-28", 60_000), ("2026-03-01", 59_000), ("2028-07-31", 30_000),
     ("2031-01-30", 1_000), ("2031-01-31", 0), ("2040-01-01", 0)],
)  # fmt: skip
def test_what_is_asked_back_is_the_share_of_the_months_that_it_lacks(on, back):
    paid = unearned(Money(60_000), paid_on=date(2026, 1, 31), on=date.fromisoformat(on), months=60)
    assert paid == Money(back)


def test_gross_times_realisation_is_evaluated_and_times_net_to_gross_net():
    lamps = Saved(Decimal(12_600), Decimal("3.6"), Decimal(0), 12)
    heat = Saved(Decimal(-4_000), Decimal(0), Decimal(9_000), 15)
    sums = summed([
        Counted(lamps, lamps.kg(Decimal(250)), Money(270_000), 90, 80),
        Counted(heat, heat.kg(Decimal(250)), Money(300_000), 100, 100),
    ])  # fmt: skip
    assert sums.kwh == 8_600
    assert sums.evaluated_kwh == Decimal(11340) - 4_000
    assert sums.net_kwh == Decimal(9072) - 4_000
    tonnes = Decimal("12.6") * 250 / 1000 * Decimal("0.72") + Decimal(9) - 1
    assert sums.tonnes == tonnes
    assert sums.lifetime == Decimal("2.268") * 12 + 8 * 15
    assert sums.per_tonne == Money.nearest(Decimal(5_700) / sums.lifetime)
    assert summed([]).per_tonne is None


def test_the_sample_tells_the_realisation_rate_and_how_far_off_it_may_be():
    assert realisation([], population=9) is None
    assert realisation([Inspected(Decimal(100), Decimal(90))], population=9).within is None
    cases = [Inspected(Decimal(100), Decimal(100)), Inspected(Decimal(300), Decimal(240)),
             Inspected(Decimal(200), Decimal(200))]  # fmt: skip
    found = realisation(cases, population=30)
    assert found.value == Decimal(540) / 600
    residuals = [10.0, -30.0, 20.0]
    spread = (sum(one**2 for one in residuals) / 2 / 3 * (1 - 3 / 30)) ** 0.5 / mean([100, 300, 200])
    assert float(found.within) == pytest.approx(1.645 * spread)
    assert realisation(cases, population=3).within == 0, "everybody was looked at"


@pytest.mark.parametrize(
    ("reached", "on", "standing"),
    [("100", "2026-06-01", Standing.REACHED), ("50", "2026-07-02", Standing.AHEAD), ("49", "2026-07-02",
     Standing.BEHIND), ("99", "2027-01-01", Standing.BEHIND), ("99", "2027-01-02", Standing.MISSED),
     ("0", "2025-12-01", Standing.AHEAD)],
)  # fmt: skip
def test_a_goal_is_measured_against_a_steady_pace(reached, on, standing):
    found = progress(Decimal(reached), Decimal(100), starts_on=date(2026, 1, 1), due_on=date(2027, 1, 1),
                     on=date.fromisoformat(on))  # fmt: skip
    assert found.standing is standing


def test_each_kpi_counts_what_it_says():
    saved = Saved(Decimal(20_000), Decimal(10), Decimal(0), 10)
    sums = summed([Counted(saved, Decimal(5_000), Money(1), 50, 50)])
    assert [kpi.of(sums) for kpi in Kpi] == [1, 5, Decimal("2.5"), Decimal("1.25")]
