"""What can be offered to a customer whose plan or extension is refused: each way, whether it is open, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.queries.standing import eligibility, hardship_of, past_of, plan_policy
from lamplighter.credit.rules.arranging import Answer, Past, may_extend
from lamplighter.kernel.money import ZERO
from lamplighter.web.access import may_open
from lamplighter.web.ui.parts import Fact, Link
from lamplighter.web.visits import visit

NOBODY = "Nobody at the desk makes an exception. A supervisor ends a stop or a case early; the rule itself is changed "


def time_to_pay(past: Past, *, on: date) -> Answer:
    """Whether more time may be given at all."""
    return may_extend(past, until=on + timedelta(days=1), on=on, policy=plan_policy(on=on))


def instead_of_a_plan(account: Account, request: HttpRequest) -> list[Fact]:
    """More time first, then money of others, then what makes a later plan longer."""
    on = visit(request).on
    past = past_of(account, on=on)
    if past.plan_runs or past.bankrupt:
        return [_exceptions(request)]
    answer = time_to_pay(past, on=on)
    latest = on + timedelta(days=plan_policy(on=on).extension_days)
    said = f"Until {latest:%b %-d} at the latest" if answer.eligible else answer.why
    time = Fact("More time", said, _way("Give more time", "do-more-time", account, request, when=answer.eligible))
    return [*([time] if past.past_due > ZERO else []), *_others(account, past, request), _exceptions(request)]


def instead_of_time(account: Account, request: HttpRequest) -> list[Fact]:
    """A plan first."""
    on = visit(request).on
    past, answer = past_of(account, on=on), eligibility(account, on=on)
    if past.plan_runs or past.bankrupt:
        return [_exceptions(request)]
    plan = Fact(
        "A payment plan", answer.why, _way("Set up a plan", "do-arrange", account, request, when=answer.eligible)
    )
    return [*([plan] if past.past_due > ZERO else []), *_others(account, past, request), _exceptions(request)]


def _others(account: Account, past: Past, request: HttpRequest) -> Iterator[Fact]:
    if past.past_due <= ZERO:
        return
    yield Fact("A part payment", f"Any part of {past.past_due}", _way("Take it", "do-pay", account, request))
    yield Fact("Help by an agency", "A pledge counts at once: nothing is turned off while it holds",
               _way("Note a pledge", "do-pledge", account, request))  # fmt: skip
    if hardship_of(account, on=visit(request).on) is None:
        yield Fact("Hardship", "A second person accepts it: no late charge, no fee to reconnect, a longer plan later",
                   _way("Put on file", "do-hardship", account, request))  # fmt: skip


def _exceptions(request: HttpRequest) -> Fact:
    """Who could allow it all the same."""
    policies = reverse("desk:policies")
    link = Link("Policies", policies) if may_open(request, policies) else None
    return Fact("Who may override", f"{NOBODY}by a policy that a second person adopts", link)


def _way(text: str, name: str, account: Account, request: HttpRequest, *, when: bool = True) -> Link | None:
    url = reverse(f"desk:{name}", args=[account.number])
    return Link(text, url, panel=True) if when and may_open(request, url) else None
