"""Everybody held to the rate rules: found, told with notice, approved by another person, moved on the day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lamplighter.accounts.models import AgreementRate
from lamplighter.journeys.reclassing import give_notice
from lamplighter.kernel.actors import staff
from lamplighter.notices.models import Notice
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.ratestudies.models import Move
from lamplighter.ratestudies.operations.moving import CannotMove
from lamplighter.ratestudies.operations.reviews import keep_on_rate, keep_review
from lamplighter.ratestudies.queries.reviewing import reviewed
from tests.ratestudies.town import UNTIL, quietly

RENEE, OMAR = staff("renee"), staff("omar")
TODAY = date(2026, 11, 20)
QUIET = {"progress": quietly}


@pytest.fixture
def review(harbor):
    found = reviewed(until=UNTIL, on=UNTIL, **QUIET)
    return keep_review(found=found, until=UNTIL, on=UNTIL, by=RENEE, at=timezone.now())


def test_the_baker_is_found_with_the_evidence_and_homes_have_no_other_rate(harbor, review):
    move = Move.objects.get()
    assert (move.agreement, move.schedule.code) == (harbor.homes["Bo"].agreement, "GS-2")
    assert move.why == "12 of 12 months at or over 50 kW; the rule asks for 6."
    assert {float(kw) for _, _, kw in move.months} == {256}, "64 kWh in a quarter hour"
    assert review.looked_at == 1


def test_who_waits_from_one_review_is_not_found_by_the_next(harbor, review):
    again = reviewed(until=UNTIL, on=UNTIL, **QUIET)
    assert (again.looked_at, again.misplaced) == (0, ())


def test_notice_is_given_and_a_second_person_moves(harbor, review):
    move, at = Move.objects.get(), timezone.now()
    early = at.date() + timedelta(days=10)
    with pytest.raises(CannotMove, match="30 days of notice"):
        give_notice(review=review, moves=[move.pk], effective_on=early, on=at.date(), by=RENEE, at=at)
    on = at.date() + timedelta(days=40)
    asked = give_notice(review=review, moves=[move.pk], effective_on=on, on=at.date(), by=RENEE, at=at)
    assert Notice.objects.get(template__code="rate-move").account == harbor.homes["Bo"].account.pk
    with pytest.raises(CannotDecide):
        approvals.approve(approval=asked, by=RENEE, at=at)
    assert AgreementRate.objects.filter(agreement=move.agreement, rider=False).count() == 1
    approvals.approve(approval=asked, by=OMAR, at=at)
    rates = AgreementRate.objects.filter(agreement=move.agreement, rider=False).order_by("period")
    assert [(rate.schedule.code, rate.period.start) for rate in rates][1:] == [("GS-2", on)]
    move.refresh_from_db()
    assert (move.state, move.effective_on, move.decided_by) == ("moved", on, OMAR)


def test_a_customer_may_be_kept_with_a_reason_once(review):
    move = Move.objects.get()
    with pytest.raises(CannotMove, match="Say why"):
        keep_on_rate(move=move, reason=" ", by=RENEE, at=timezone.now())
    keep_on_rate(move=move, reason="Ovens go out in May", by=RENEE, at=timezone.now())
    with pytest.raises(CannotMove, match="decided already"):
        keep_on_rate(move=move, reason="again", by=RENEE, at=timezone.now())
    assert reviewed(until=UNTIL, on=UNTIL, **QUIET).looked_at == 1
