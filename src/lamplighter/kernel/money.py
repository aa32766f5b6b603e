"""US money as whole cents. A price may have eighteen decimals; an amount never has more than two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole cents; negative is a credit to the customer."""

    cents: int

    def __post_init__(self) -> None:
        assert type(self.cents) is int, f"money is whole cents, not {self.cents!r}"

    @classmethod
    def nearest(cls, dollars: Decimal) -> Money:
        """Round half up, away from zero, as rate books do. The only rounding of dollars in the program."""
        assert isinstance(dollars, Decimal), f"round a Decimal, not {dollars!r}"
        return cls(int(dollars.quantize(CENT, ROUND_HALF_UP).scaleb(2)))

    @classmethod
    def exactly(cls, dollars: str | Decimal) -> Money:
        """`Money.exactly("12.34")`. Raises ValueError when a fraction of a cent would be lost."""
        cents = Decimal(dollars) * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{dollars} is not a whole number of cents")
        return cls(int(cents))

    @property
    def dollars(self) -> Decimal:
        """The amount in dollars with two decimals, exactly."""
        return Decimal(self.cents).scaleb(-2)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide among weights without losing a cent; what rounding leaves goes to the largest remainders."""
        assert weights, "split among someone"
        assert all(weight >= 0 for weight in weights)
        whole = sum(weights)
        assert whole > 0, "some weight must be positive"
        shares = [self.cents * weight // whole for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(self.cents * weights[i] % whole), i))
        for i in by_remainder[: self.cents - sum(shares)]:
            shares[i] += 1
        assert sum(shares) == self.cents
        return tuple(Money(share) for share in shares)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __abs__(self) -> Money:
        return Money(abs(self.cents))

    def __mul__(self, count: int) -> Money:
        return Money(self.cents * count)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "\u2212" if self.cents < 0 else ""
        return f"{sign}${abs(self.cents) // 100:,}.{abs(self.cents) % 100:02d}"


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    return Money(sum([amount.cents for amount in amounts]))


def foot(exact: Sequence[Decimal], to: Money | None = None) -> tuple[Money, ...]:
    """Show exact dollar amounts as cents that add up to `to` (default: their sum, rounded once).

    Largest remainder: each line is floored to the cent and the cents still missing go to the lines that lost
    most, so no line is ever more than a cent from its exact value. See docs/algorithms/rounding.md.
    """
    target = Money.nearest(sum(exact, Decimal(0))) if to is None else to
    floors = [int((dollars * 100).to_integral_value(ROUND_FLOOR)) for dollars in exact]
    lost = [dollars * 100 - floor for dollars, floor in zip(exact, floors, strict=True)]
    missing = target.cents - sum(floors)
    assert 0 <= missing <= len(exact), "lines cannot foot to a total this far away"
    for i in sorted(range(len(exact)), key=lambda i: (-lost[i], i))[:missing]:
        floors[i] += 1
    return tuple(Money(cents) for cents in floors)
