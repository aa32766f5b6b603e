"""What is being negotiated in the city: Slackwater's next five years, and the ferry's new terms that were signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

from lamplighter.billing.rules import shifted_months
from lamplighter.journeys.contracting import propose_contract, sign_contract
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import Contract, Negotiation, Organisation, TermsDraft
from lamplighter.keyaccounts.operations.contracts import tell_of_ends
from lamplighter.keyaccounts.operations.costs import adopt_costs
from lamplighter.keyaccounts.operations.negotiating import open_negotiation, put_on_the_table
from lamplighter.keyaccounts.queries.negotiations import people_who_sign
from lamplighter.keyaccounts.terms import Terms
from lamplighter.platform.operations.approvals import approve
from lamplighter.platform.transactions import unit_of_work
from lamplighter.town.calendar import at
from lamplighter.town.staff import FINANCE, JOEL, PRIYA

OURS, THEIRS = TermsDraft.Side.OURS, TermsDraft.Side.THEIRS


def bargain(found: Mapping[str, Organisation], *, begins: date, today: date) -> None:
    """Up to this morning; the manager was told of the ends last night."""
    start = shifted_months(today, 2)
    with unit_of_work(JOEL):
        adopt_costs(text=(files("lamplighter.town") / "costs.toml").read_text("utf-8"), by=JOEL, at=at(begins, 9))
        _slackwater(found["slackwater"], start, today)
        tell_of_ends(on=today, by=JOEL, at=at(today, 5))
    with unit_of_work(PRIYA):
        version = _ferry(found["ferry"], start, today)
        asked = propose_contract(
            version=version, board=f"Resolution {today.year}-38", board_on=today - timedelta(days=6),
            on=today - timedelta(days=4), by=PRIYA, at=at(today - timedelta(days=4), 15),
            remark="Chargers that wait for the evening peak to pass: what they save us is shared.",
        )  # fmt: skip
    with unit_of_work(FINANCE):
        approve(approval=asked, by=FINANCE, at=at(today - timedelta(days=3), 10), remark="Within the board's frame.")
    with unit_of_work(PRIYA):
        signed = today - timedelta(days=2)
        signer = people_who_sign(version.negotiation, on=signed)[0]
        sign_contract(version=version, signer=signer, signed_on=signed, on=signed, by=PRIYA, at=at(signed, 14))


def _slackwater(customer: Organisation, start: date, today: date) -> None:
    """They ask for a lot, we offer less, and for a share of renewable power a little more."""
    talk = _amendment("SC-02", "Firm power for 1.2 MW, renewed", customer, today - timedelta(days=24))
    ours = Terms(start, 60, 365, energy_percent=Decimal(2), minimum=Money(10_000_000))
    theirs = replace(ours, months=36, notice_days=180, energy_percent=Decimal(8), demand_percent=Decimal(10),
                     minimum=Money(0))  # fmt: skip
    green = replace(ours, energy_percent=Decimal("3.5"), renewable_percent=Decimal(60),
                    renewable_dollars=Decimal("0.006"), least_kwh=Decimal(700_000))  # fmt: skip
    table = (
        (20, "Five years, firm", OURS, ours, "As now, with a little off energy for the term."),
        (13, "Slackwater's wish", THEIRS, theirs, "They have an offer in the valley, and want no minimum."),
        (6, "Five years, firm", OURS, replace(ours, energy_percent=Decimal("3.5")), "What the margin bears."),
        (3, "With renewable power", OURS, green, "Their tenants ask for it. A minimum take instead of our risk."),
    )  # fmt: skip
    for seen, (ago, name, side, terms, words) in enumerate(table):
        put_on_the_table(negotiation=talk, alternative=name, side=side, terms=terms, words=words, seen=seen, by=JOEL,
                         at=at(today - timedelta(days=ago), 11))  # fmt: skip


def _ferry(customer: Organisation, start: date, today: date) -> TermsDraft:
    """Less for demand, since the chargers are managed; the quay's own transformer is paid for by the month."""
    talk = _amendment("SC-04", "Electric ferry charging, managed", customer, today - timedelta(days=30))
    terms = Terms(start, 60, 180, demand_percent=Decimal(6), facilities=Money(90_000))
    return put_on_the_table(
        negotiation=talk, alternative="Managed charging", side=OURS, terms=terms, seen=0, by=PRIYA,
        clauses="Charging is held back from 5 to 7 pm on summer workdays, but never a sailing.",
        at=at(today - timedelta(days=28), 10),
    )  # fmt: skip


def _amendment(code: str, name: str, customer: Organisation, day: date) -> Negotiation:
    contract = Contract.objects.select_related("agreement").get(code=code)
    by = PRIYA if code == "SC-04" else JOEL
    return open_negotiation(code=code, name=name, organisation=customer, agreement=contract.agreement, amends=contract,
                            by=by, at=at(day, 9))  # fmt: skip
