"""What each file of a conversion holds: its rows with their columns. An empty field is one that is not given."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from lamplighter.kernel.money import ZERO, Money


def _cents(value: Any) -> Any:
    """Dollars with two decimals at most, without thousands separators or signs of currency."""
    if isinstance(value, Money):
        return value
    try:
        return Money.exactly(str(value))
    except (ArithmeticError, ValueError):
        raise ValueError("not an amount in dollars such as -12.34") from None


def _named(value: Any) -> Any:
    """`voltage=primary; power_factor=0.95`."""
    pairs = [part.partition("=") for part in str(value).split(";") if part.strip()]
    if any(not equals or not name.strip() for name, equals, _ in pairs):
        raise ValueError("not NAME=VALUE; NAME=VALUE")
    return {name.strip(): said.strip() for name, _, said in pairs}


def _several(value: Any) -> Any:
    return tuple(part.strip() for part in str(value).split(";") if part.strip())


Key = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Cents = Annotated[Money, BeforeValidator(_cents)]
Positive = Annotated[Cents, Field(gt=ZERO)]
Keys = Annotated[tuple[Key, ...], BeforeValidator(_several)]
Facts = Annotated[dict[str, str], BeforeValidator(_named)]
Line = Annotated[str, StringConstraints(max_length=120)]


class Row(BaseModel):
    """A line of a file. `key` is what the other system knows it by."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @property
    @abstractmethod
    def key(self) -> str: ...


class PremiseRow(Row):
    """A place where service can be delivered."""

    premise: Key
    street: Line
    unit: Annotated[str, StringConstraints(max_length=30)] = ""
    city: Annotated[str, StringConstraints(max_length=60)]
    state: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    postcode: Annotated[str, StringConstraints(max_length=10)]
    jurisdiction: Key
    use: Literal["residential", "commercial", "industrial", "government", "lighting"] = "residential"

    @property
    def key(self) -> str:
        return self.premise


class PointRow(Row):
    """A service point of a premise, and the facts about it that tariffs and crews ask for."""

    point: Key
    premise: Key
    kind: Literal["metered", "unmetered"] = "metered"
    feeder: Annotated[str, StringConstraints(max_length=40)] = ""
    facts: Facts = Field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.point


class MeterRow(Row):
    """A meter and where it stands. `kind` is one of metering.kinds; `multiplier` holds since it was set."""

    badge: Key
    point: Key
    kind: Key
    set_on: date
    multiplier: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    serial: Annotated[str, StringConstraints(max_length=40)] = ""
    maker: Annotated[str, StringConstraints(max_length=40)] = ""
    model: Annotated[str, StringConstraints(max_length=40)] = ""

    @property
    def key(self) -> str:
        return self.badge


class PersonRow(Row):
    """Somebody: a human has a given name, an organisation `family` alone. `mailing` has its lines apart by `;`."""

    person: Key
    family: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    given: Annotated[str, StringConstraints(max_length=80)] = ""
    trade_name: Annotated[str, StringConstraints(max_length=160)] = ""
    language: Literal["en", "es", "zh-hant", "zh-hans", "tl", "vi"] = "en"
    interpreter: bool = False
    mobile: str = ""
    phone: str = ""
    email: str = ""
    mailing: Keys = ()

    @property
    def key(self) -> str:
        return self.person


class AccountRow(Row):
    """An account by its old number, by which it is found from then on too."""

    account: Key
    person: Key
    customer_class: Literal["residential", "commercial", "industrial", "government", "lighting"]
    cycle: Key
    since: date
    bills_by: Literal["paper", "email", "both"] = "paper"

    @property
    def key(self) -> str:
        return self.account


class ServiceRow(Row):
    """Service of an account at points. The other system billed it up to `billed_to`; from that day on it is billed
    here."""

    account: Key
    points: Annotated[Keys, Field(min_length=1)]
    rate: Key
    billed_to: date
    riders: Keys = ()
    facts: Facts = Field(default_factory=dict)

    @property
    def key(self) -> str:
        return "+".join(self.points)


class DebtRow(Row):
    """What an account owes since a day, by what it is for; negative is a credit. All rows of an account go together."""

    account: Key
    owed_on: date
    amount: Cents
    component: Annotated[str, StringConstraints(min_length=1, max_length=30)] = "energy"

    @property
    def key(self) -> str:
        return self.account


class DepositRow(Row):
    """What the utility holds of an account as a deposit, since when, and the interest that it has earned so far."""

    account: Key
    paid_on: date
    amount: Positive
    interest: Cents = ZERO

    @property
    def key(self) -> str:
        return self.account


class BillRow(Row):
    """A bill of the other system: shown and aged, never worked out again."""

    number: Key
    account: Key
    issued_on: date
    due_on: date
    previous: Cents
    charges: Cents
    due: Cents

    @property
    def key(self) -> str:
        return self.number


TABLES: Mapping[str, type[Row]] = {
    "premises": PremiseRow,
    "points": PointRow,
    "meters": MeterRow,
    "people": PersonRow,
    "accounts": AccountRow,
    "services": ServiceRow,
    "debts": DebtRow,
    "deposits": DepositRow,
    "bills": BillRow,
}
"""In the order in which they are taken in: each leans on those before it."""
