"""Washington, public utility districts and cities: RCW 54.16.285, 35.21.300, and the heat law of 2023."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from lamplighter.credit.law.parameters import POLICY, HoldKind, IncomePlan, Pack, Rule, Season
from lamplighter.credit.law.policy import (
    BANKRUPTCY,
    EVERYBODY,
    FACT_AGE,
    HEAT_NAMES,
    HOMES,
    LIFE_SUPPORT,
    OPEN_NEXT_DAY,
    OWN,
    WHOLE_LAST_DAY,
)
from lamplighter.kernel.calendars import (
    CHRISTMAS,
    DAY_AFTER_THANKSGIVING,
    INDEPENDENCE,
    JUNETEENTH,
    LABOR,
    MARTIN_LUTHER_KING,
    MEMORIAL,
    NEW_YEAR,
    PRESIDENTS,
    THANKSGIVING,
    VETERANS,
    HolidayCalendar,
    Observance,
)
from lamplighter.kernel.periods import Period

HEAT_SINCE = date(2023, 7, 23)
CALENDAR = HolidayCalendar(
    (
        NEW_YEAR, MARTIN_LUTHER_KING, PRESIDENTS, MEMORIAL, JUNETEENTH, INDEPENDENCE, LABOR, VETERANS, THANKSGIVING,
        DAY_AFTER_THANKSGIVING, CHRISTMAS,
    ),
    Observance.NEAREST_WEEKDAY,
)  # fmt: skip
TENANTS = Rule(10, POLICY, "Tenants are told ten days before.")

BEFORE_HEAT = Pack(
    key="washington",
    label="Washington, public utility",
    version=1,
    in_force=Period(date(2019, 1, 1), HEAT_SINCE),
    calendar=Rule(CALENDAR, POLICY, "Power is not turned off on a weekend, a holiday or while the office is closed."),
    **OWN,
    open_days_after=OPEN_NEXT_DAY,
    bill_to_notice_days=Rule(21, POLICY, "The notice is mailed once the bill is past due, 21 days after it."),
    mail_days=Rule(3, POLICY, "The ten days begin three days after the notice is mailed."),
    notice_days=Rule(10, POLICY, "The notice gives at least ten days."),
    whole_last_days=WHOLE_LAST_DAY,
    extension_request_days=Rule(
        8, POLICY,
        "More time can be asked for within eight days: RCW 54.16.285 gives five business days in winter.",
    ),
    complaint_days=Rule(5, POLICY, "A complaint within five days of receiving the bill is reviewed."),
    contact_hours=Rule(24, POLICY, "Somebody tried to reach the customer at least 24 hours before."),
    posted_hours=Rule(48, POLICY, "Where nobody could be reached, a notice was left at least 48 hours before."),
    tenant_notice_days={"individually-metered": TENANTS, "master-metered": TENANTS},
    holds={
        HoldKind.DISPUTE: Rule(EVERYBODY, POLICY, "Power stays on while a disputed bill is investigated."),
        HoldKind.REVIEW: Rule(EVERYBODY, POLICY, "Power stays on while a request for more time is reviewed."),
        HoldKind.MEDICAL: Rule(EVERYBODY, POLICY, "A doctor certified that it would be life threatening."),
        HoldKind.WINTER: Rule(
            HOMES, "RCW 54.16.285; RCW 35.21.300",
            "Heating stays on from November 15 to March 15 for a low-income household on its plan.",
        ),
        **LIFE_SUPPORT,
        **BANKRUPTCY,
    },
    heat_alerts=Rule(frozenset(), POLICY, "No rule about heat was in force."),
    plan_months=Rule(12, POLICY, "Arrears are spread over at most twelve months."),
    fact_age_minutes=FACT_AGE,
    theft_months=Rule(
        36, "RCW 4.16.080; RCW 80.28.240",
        "Use by tampering is billed for at most three years; any other by the billing policy's limit.",
    ),
    winter=Rule(
        Season((11, 15), (3, 15)), "RCW 54.16.285; RCW 35.21.300", "Winter protection runs November 15 to March 15."
    ),
    winter_plan=Rule(
        IncomePlan(Decimal("0.07"), 12), "RCW 54.16.285(1)(a)",
        "A winter payment is at most seven percent of monthly income and one twelfth of the arrears.",
    ),
)  # fmt: skip

UTILITY = replace(
    BEFORE_HEAT,
    version=2,
    in_force=Period(HEAT_SINCE),
    heat_alerts=Rule(
        HEAT_NAMES,
        "HB 1329 (2023); RCW 54.16.285, 35.21.300",
        "Power is not turned off on a day for which a heat alert was issued or is announced.",
    ),
)
