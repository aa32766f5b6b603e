"""What the utility itself decides where the statute leaves room, and what holds in every jurisdiction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from lamplighter.credit.law.parameters import POLICY, HoldKind, Hours, Pack, Rule
from lamplighter.kernel.money import ZERO, Money
from lamplighter.kernel.policies import Policy, figure

HOMES = frozenset({"residential"})
EVERYBODY = HOMES | {"commercial", "industrial", "government", "lighting"}
"""Customer classes that a protection covers. A clinic or a house of many homes may be a commercial account."""
OPEN_NEXT_DAY = Rule(
    1, POLICY, "Power is not turned off before a day on which the office is closed: not Friday to Sunday."
)
WHOLE_LAST_DAY = Rule(1, POLICY, "The last day to pay belongs to the customer whole.")
FACT_AGE = Rule(15, POLICY, "What was read of the account is at most a quarter of an hour old.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutOffPolicy(Policy):
    """What no statute says of shut-offs. A rule that a pack takes from a statute is never changed by it."""

    key = "shut-off"
    title = "Shut-offs"
    minimum_debt: Money = figure(Money(5000), "Power is not turned off for less than", ZERO, Money(500_000))
    notice_lasts_days: int = figure(60, "A notice counts for (days)", 20, 120)
    weather_age_hours: int = figure(6, "The weather was asked for within (hours)", 1, 24)
    reconnect_hours: int = figure(4, "Somebody can reconnect for at least (hours)", 1, 12)
    opens: time = figure(time(8, 30), "The office opens at", time(5), time(12))  # noqa: RUF009 - never changed
    closes: time = figure(time(17), "The office closes at", time(12), time(22))  # noqa: RUF009 - never changed

    def conflict(self) -> str:
        return "" if self.opens < self.closes else "The office closes after it opens."

    def rules(self) -> dict[str, Rule[Any]]:
        """By the names that a pack has for them."""
        return {
            "office": Rule(
                Hours(self.opens, self.closes), self.citation,
                f"The office is open from {self.opens:%-H:%M} to {self.closes:%-H:%M}.",
            ),
            "notice_lasts_days": Rule(
                self.notice_lasts_days, self.citation,
                f"A notice counts for {self.notice_lasts_days} days; after that a new one is mailed.",
            ),
            "minimum_debt": Rule(
                self.minimum_debt, self.citation, f"Power is not turned off for less than {self.minimum_debt}."
            ),
            "weather_age_hours": Rule(
                self.weather_age_hours, self.citation,
                f"The weather service was asked within {_hours(self.weather_age_hours)}.",
            ),
            "reconnect_hours": Rule(
                self.reconnect_hours, self.citation,
                f"Somebody can reconnect for at least {_hours(self.reconnect_hours)} afterwards.",
            ),
        }  # fmt: skip


def under(pack: Pack, policy: ShutOffPolicy) -> Pack:
    """The pack with what the utility decided itself where the law leaves it free."""
    own: dict[str, Any] = {name: rule for name, rule in policy.rules().items() if getattr(pack, name).cites == POLICY}
    return replace(pack, **own)


def _hours(count: int) -> str:
    return "an hour" if count == 1 else f"{count} hours"


OWN = ShutOffPolicy().rules()
"""As the program comes."""
LIFE_SUPPORT = {
    HoldKind.LIFE_SUPPORT: Rule(EVERYBODY, POLICY, "Power is not turned off where equipment keeps somebody alive."),
    HoldKind.PLEDGE: Rule(EVERYBODY, POLICY, "An agency has pledged to pay; we wait for it."),
    HoldKind.LEGAL: Rule(EVERYBODY, POLICY, "Counsel has asked us to do nothing."),
}
BANKRUPTCY = {
    HoldKind.BANKRUPTCY: Rule(
        EVERYBODY, "11 USC 362(a), 366(a)", "Nothing from before the filing is collected, and power stays on."
    )
}
HEAT_NAMES = frozenset(
    {
        "Heat Advisory", "Excessive Heat Watch", "Excessive Heat Warning", "Extreme Heat Watch",
        "Extreme Heat Warning",
    }
)  # fmt: skip
"""By the names that the National Weather Service used until 2025, and by those that it uses since."""
