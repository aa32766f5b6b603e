"""What scenes act with: accounts by the names of the stories, and the desk's own operations on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zlib import crc32

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill
from lamplighter.kernel.money import ZERO, Money
from lamplighter.ledger.queries import balances
from lamplighter.metering.models import Channel
from lamplighter.payments.models import PaymentEvent
from lamplighter.payments.operations import EventIn
from lamplighter.payments.rules import TenderIn
from lamplighter.town.calendar import at
from lamplighter.town.plan import Customer, Habit, Plan
from lamplighter.town.staff import SOURCES


@dataclass(slots=True)
class Stage:
    """The city as the stories see it. `ids` are the accounts by key; `arriving` the payments of the day by source."""

    plan: Plan
    ids: dict[str, int]
    customers: Mapping[str, Customer] = field(default_factory=dict)
    arriving: dict[str, list[EventIn]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.customers = {customer.key: customer for customer in self.plan.customers}

    def account(self, key: str) -> Account:
        return Account.objects.get(pk=self.ids[key])

    def service(self, key: str) -> Agreement:
        """The service that runs, or the last that ran."""
        found = Agreement.objects.filter(account=self.ids[key], kind=AgreementKind.ENERGY)
        return found.select_related("account").latest("id")

    def channel(self, key: str) -> Channel:
        badge = next(one.meter.badge for one in self.customers[key].services if one.meter)
        return Channel.objects.select_related("meter").get(meter__badge=badge, name="kWh")

    def bill(self, key: str) -> Bill:
        """The newest bill."""
        return Bill.objects.filter(account=self.ids[key]).latest("id")

    def last_payment(self, key: str) -> PaymentEvent:
        return PaymentEvent.objects.filter(payments__account=self.ids[key], reversal__isnull=True).latest("id")

    def owed(self, key: str) -> Money:
        """What is asked for now, over all agreements; negative is a credit."""
        keys = Agreement.objects.filter(account=self.ids[key]).values_list("subledger", flat=True)
        return sum((balance.current for balance in balances(keys).values()), ZERO)

    def pays(
        self, key: str, cents: int, day: date, *, habit: Habit | None = None, to: Account | None = None,
        when: datetime | None = None, reference: str = "",
    ) -> None:  # fmt: skip
        """Money comes in on the day, by the customer's usual way and at its hour unless said; the source must be
        open."""
        way = habit or self.customers[key].pays
        event = event_in(key, to or self.account(key), cents, way, when or taken_at(day, way, cents), said=reference)
        self.arriving.setdefault(way.source, []).append(event)


def taken_at(day: date, way: Habit, cents: int) -> datetime:
    """Counter payments come through the day; files at their hour."""
    source = SOURCES[way.source]
    return at(day, 9 + cents % 7, cents % 60) if source.kind == "drawer" else at(day, source.hour, 30)


def event_in(key: str, account: Account, cents: int, way: Habit, when: datetime, *, said: str = "") -> EventIn:
    """A payment as it is handed over, with what the payer `said`: cash in whole twenties, checks with a number."""
    money = Money(cents)
    handed = Money(-(-cents // 2000) * 2000) if way.tender == "cash" else money
    reference = said or (str(1001 + crc32(f"{key} {cents}".encode()) % 8000) if way.tender == "check" else "")
    return EventIn((TenderIn(way.tender, money, handed, reference),), {account: money}, when)
