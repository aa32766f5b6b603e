"""Which credit pays which bill: the stated rule as tables, and what holds whatever is thrown at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lamplighter.credit.rules.matching import Credit, Item, Rule, TakenBack, Tie, outgrown, propose, worth
from lamplighter.kernel.money import ZERO, Money, total

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def bill(number, owed_on, cents, agreement=1):
    return Item(agreement, owed_on, number, Money(cents))


def credit(posting, on, cents, *, named=(), agreement=1, group=None, held=False):
    return Credit(posting, agreement, group or posting, on, Money(cents), frozenset(named), held)


def said(ties):
    return [(tie.credit, tie.owed_on, tie.amount.cents, tie.rule.value) for tie in ties]


TWO = [bill("A", JUNE, 10000), bill("B", JULY, 5000)]


def test_a_bill_that_is_named_is_paid_before_an_older_one():
    assert said(propose(TWO, [credit(9, AUGUST, 3000, named=["B"])], [])) == [(9, JULY, 3000, "named")]


def test_what_is_more_than_the_named_bill_goes_on_by_rule():
    assert said(propose(TWO, [credit(9, AUGUST, 7000, named=["B"])], [])) == [
        (9, JULY, 5000, "named"), (9, JUNE, 2000, "oldest"),
    ]  # fmt: skip


def test_an_exact_amount_finds_its_bill():
    assert said(propose(TWO, [credit(9, AUGUST, 5000)], [])) == [(9, JULY, 5000, "exact")]


def test_an_exact_amount_is_that_of_the_whole_bill_over_its_agreements():
    items = [bill("A", JUNE, 8000), bill("B", JULY, 3000), bill("B", JULY, 2000, agreement=2)]
    together = [credit(8, AUGUST, 3000, group=5), credit(9, AUGUST, 2000, agreement=2, group=5)]
    assert [tie.rule for tie in propose(items, together, [])] == [Rule.EXACT, Rule.EXACT]
    assert [tie.rule for tie in propose(items, together[:1], [])] == [Rule.OLDEST]


def test_anything_else_pays_the_oldest_and_leaves_the_rest_open():
    assert said(propose(TWO, [credit(9, AUGUST, 12000)], [])) == [(9, JUNE, 10000, "oldest"), (9, JULY, 2000, "oldest")]


def test_money_that_came_before_the_bill_is_no_exact_amount_of_it():
    assert said(propose([bill("B", JULY, 5000)], [credit(9, JUNE, 5000)], [])) == [(9, JULY, 5000, "oldest")]


def test_what_somebody_undid_waits_for_a_person():
    assert propose(TWO, [credit(9, AUGUST, 5000, held=True)], []) == []


def test_a_bill_that_shrank_lets_its_newest_match_go_and_takes_back_what_it_can():
    ties = [Tie(8, 1, JUNE, Money(6000), Rule.NAMED, 1), Tie(9, 1, JUNE, Money(4000), Rule.OLDEST, 2)]
    items, credits = [bill("A", JUNE, 9000)], [credit(8, JULY, 6000), credit(9, JULY, 4000)]
    gone = outgrown(items, credits, ties)
    assert gone == ties[1:]
    assert said(propose(items, credits, ties[:1], gone)) == [(9, JUNE, 3000, "oldest")]


def test_what_was_taken_back_leaves_the_payment_that_it_was_of():
    credits = [credit(8, JUNE, 5000), credit(9, JULY, 5000)]
    receipts = {8: "20-1", 9: "20-2"}
    taken = [TakenBack(1, Money(2000), "20-1"), TakenBack(1, Money(1000))]
    assert [one.amount.cents for one in worth(credits, taken, receipts)] == [3000, 4000]


days = st.integers(0, 5).map(lambda n: JUNE + timedelta(days=30 * n))
cents = st.integers(1, 9000)
bills = st.dictionaries(st.tuples(st.integers(1, 2), days), cents, max_size=6).map(
    lambda found: [Item(agreement, day, f"B{day:%m}", Money(n)) for (agreement, day), n in found.items()]
)
paid = st.lists(
    st.tuples(st.integers(1, 2), days, cents, st.booleans(), st.sampled_from(["", "B06", "B07"])), max_size=6
)


@given(bills, paid, st.lists(st.integers(0, 9000), max_size=12))
def test_nothing_is_paid_twice_and_nothing_is_left_that_could_be_matched(items, rows, shrunk):
    credits = [
        Credit(place, agreement, place // 2, day, Money(n), frozenset({name} - {""}), held)
        for place, (agreement, day, n, held, name) in enumerate(rows)
    ]
    ties = [replace(tie, key=place) for place, tie in enumerate(propose(items, credits, []), 1)]
    check(items, credits, ties)
    smaller = [replace(one, amount=min(one.amount, Money(n))) for one, n in zip(items, shrunk, strict=False)]
    gone = outgrown(smaller, credits, ties)
    rest = [tie for tie in ties if tie not in gone]
    check(smaller, credits, [*rest, *propose(smaller, credits, rest, gone)])


def check(items, credits, ties):
    for one in items:
        assert total(tie.amount for tie in ties if tie.place == one.place) <= one.amount
    for one in credits:
        assert total(tie.amount for tie in ties if tie.credit == one.posting) <= one.amount
    assert all(tie.amount > ZERO for tie in ties)
    assert outgrown(items, credits, ties) == []
    asked = {one.place: one.amount for one in items}
    for agreement in (1, 2):
        opened = total(a for (of, _), a in asked.items() if of == agreement) - total(
            tie.amount for tie in ties if tie.agreement == agreement
        )
        free = total(
            one.amount - total(tie.amount for tie in ties if tie.credit == one.posting)
            for one in credits if one.agreement == agreement and not one.held
        )  # fmt: skip
        assert not (opened and free), "a credit that may pay and a bill that is open"
