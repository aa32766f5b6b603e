"""Five facts that never change place, and what else is known of an account."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse

from lamplighter.accounts.queries import Profile
from lamplighter.billing.models import Bill, CycleWindow
from lamplighter.billing.rules import FIRST_SERVICE_DAYS
from lamplighter.credit.models import Arrangement
from lamplighter.kernel.money import ZERO
from lamplighter.metering.models import Installation, SwitchState
from lamplighter.web.desk.accounts.money import Standing
from lamplighter.web.ui.parts import Fact, Link, Tile, Tone
from lamplighter.web.ui.wording import day, short_day


def tiles(
    known: Profile,
    money: Standing,
    *,
    plan: Arrangement | None,
    ledger: str,
    on: date,
) -> list[Tile]:
    """Balance, past due, next step, last payment, meter: a zero is shown as $0.00, never hidden.

    `ledger` is the page on which the money is made up, "" for who may not see it.
    """
    late = money.ageing.past_due
    return [
        Tile("Balance", money.balance.current, _owed(money, on), url=ledger),
        Tile("Past due", late, money.oldest or "Nothing is late", Tone.BAD if late else Tone.PLAIN, ledger),
        _next_step(known, money, plan, on),
        _last_payment(money, on),
        _meter(known),
    ]


def about(known: Profile, window: CycleWindow | None, *, on: date) -> list[Fact]:
    """Who stands on the account besides the customer, and how it is billed."""
    cycle = known.account.cycle
    read = f", next read {day(window.reads_on, on)}" if window else ""
    rates = [
        Fact("Rate", " + ".join((service.schedule, *service.riders)) + ("" if service.running else ", stopped"))
        for service in known.services
    ]
    return [
        *rates,
        Fact("Bill cycle", f"{cycle.code} {cycle.name}{read}"),
        Fact("Bills by", known.account.get_dispatch_display()),
        *([Fact("Letters to", known.reach.mailing.replace("\n", ", "))] if known.reach.mailing else []),
        Fact("Customer since", known.account.opened_on),
        *([Fact("Old number", known.account.old_number)] if known.account.old_number else []),
        *(Fact(role.get_role_display(), role.person.name) for role in known.others),
        *_identity(known),
    ]


def _identity(known: Profile) -> list[Fact]:
    """The way to the identity numbers of the customer; no query."""
    if known.customer is None:
        return []
    return [
        Fact("Identity", "Numbers kept sealed", Link("Open", reverse("desk:identity", args=[known.customer.number])))
    ]


def next_window(known: Profile, *, on: date) -> CycleWindow | None:
    """When the account's cycle is read next, if that is planned."""
    rows = CycleWindow.objects.filter(cycle=known.account.cycle_id, reads_on__gt=on)
    return rows.order_by("reads_on").first()


def _owed(money: Standing, on: date) -> str:
    if money.balance.current.cents < 0:
        return "Credit for the next bill"
    if money.balance.payoff != money.balance.current:
        return f"{money.balance.payoff} settles everything"
    if money.ageing.current and money.last_bill:
        return f"{money.ageing.current} current, due {short_day(money.last_bill.due_on, on)}"
    return "All of it is past due" if money.balance.current else "Nothing owed"


def _next_step(known: Profile, money: Standing, plan: Arrangement | None, on: date) -> Tile:
    """What happens next with this account, and when."""
    if plan:
        coming = next((part for part in plan.instalments.all() if part.due_on >= on), None)
        words = f"{coming.amount} due {short_day(coming.due_on, on)}" if coming else "The last part was due"
        return Tile("Next step", "On plan", words)
    bill = money.last_bill
    if money.ageing.past_due:
        return Tile("Next step", "Ask for payment", f"{money.ageing.past_due} is past due")
    if bill and money.balance.current.cents > 0:
        return Tile("Next step", f"Due {short_day(bill.due_on, on)}", f"Bill of {short_day(bill.issued_on, on)}")
    if known.state == "Active" and (window := _to_be_billed(known, on)):
        return Tile("Next step", f"Next bill {short_day(_night(window, on), on)}", f"Cycle {window.cycle_id}")
    return Tile("Next step", "Nothing", "Nothing is due")


def _to_be_billed(known: Profile, on: date) -> CycleWindow | None:
    """The next window that bills the account: its readings may lie behind us while its nights are still to come."""
    if not known.services:
        return None
    since = known.services[0].agreement.period.start
    billed = Bill.objects.filter(account=known.account.pk, window=OuterRef("pk"))
    rows = CycleWindow.objects.filter(
        ~Exists(billed), cycle=known.account.cycle_id, closes_on__gte=on,
        reads_on__gt=since + timedelta(days=FIRST_SERVICE_DAYS),
    )  # fmt: skip
    return rows.order_by("reads_on").first()


def _night(window: CycleWindow, on: date) -> date:
    """The day of the reading, which the bill follows; once that is past, the night of the bill."""
    return window.reads_on if window.reads_on >= on else max(window.opens_on, on)


def _last_payment(money: Standing, on: date) -> Tile:
    payment = money.last_payment
    if payment is None:
        return Tile("Last payment", ZERO, "None yet")
    url = reverse("desk:receipt", args=[payment.event.receipt])
    return Tile("Last payment", payment.amount, f"{short_day(payment.event.received_on, on)} · {money.paid_with}",
                url=url)  # fmt: skip


def _meter(known: Profile) -> Tile:
    """The meter that stands at the first service, and whether its power is on; one query."""
    points = known.services[0].points if known.services else ()
    state = SwitchState.objects.filter(point=OuterRef("point"), span__endswith__isnull=True)
    rows = Installation.objects.filter(point__in=points, span__endswith__isnull=True)
    standing = rows.select_related("meter").annotate(switched=Subquery(state.values("state")[:1])).first()
    if standing is None:
        return Tile("Meter", "None", "No meter stands here now")
    on = "Off" if standing.switched == SwitchState.State.OFF else "On"
    kind = "Network meter" if standing.meter.ami else "Read by hand"
    url = reverse("desk:meter", args=[standing.meter.badge])
    return Tile(f"Meter {standing.meter.badge}", on, kind, Tone.BAD if on == "Off" else Tone.PLAIN, url)
