"""Fees for work beside the rates: figures of the utility's own schedule. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Fees:
    """`after_hours` is asked only of who wants power back at night. What a check that came back may cost at most is
    law: California Civil Code § 1719 allows $25 for the first and $35 for each later one."""

    meter_test: Money = Money(4000)
    reconnect: Money = Money(2500)
    after_hours: Money = Money(7500)
    returned: Money = Money(2500)
    returned_again: Money = Money(3500)
    citation: str = "The program's own, until the utility sets its fees"

    def returned_item(self, times: int) -> Money:
        """For the `times`-th payment that came back within the time looked at."""
        return self.returned if times <= 1 else self.returned_again
