"""What the utility itself decides where the statute leaves room, and what holds in every jurisdiction."""

from __future__ import annotations

from datetime import time

from lamplighter.credit.law.parameters import POLICY, HoldKind, Hours, Rule
from lamplighter.kernel.money import Money

HOMES = frozenset({"residential"})
EVERYBODY = HOMES | {"commercial", "industrial", "government", "lighting"}
"""Customer classes that a protection covers. A clinic or a house of many homes may be a commercial account."""
OFFICE = Rule(Hours(time(8, 30), time(17)), POLICY, "The office is open from 8:30 to 5.")
OPEN_NEXT_DAY = Rule(
    1, POLICY, "Power is not turned off before a day on which the office is closed: not Friday to Sunday."
)
WHOLE_LAST_DAY = Rule(1, POLICY, "The last day to pay belongs to the customer whole.")
NOTICE_LASTS = Rule(60, POLICY, "A notice counts for 60 days; after that a new one is mailed.")
MINIMUM_DEBT = Rule(Money(5000), POLICY, "Power is not turned off for less than $50.00.")
WEATHER_AGE = Rule(6, POLICY, "The weather service was asked within six hours.")
FACT_AGE = Rule(15, POLICY, "What was read of the account is at most a quarter of an hour old.")
RECONNECT_HOURS = Rule(4, POLICY, "Somebody can reconnect for at least four hours afterwards.")
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
