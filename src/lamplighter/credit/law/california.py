"""California, cities with municipal power: Public Utilities Code 10001-10014."""

from __future__ import annotations

from datetime import date

from lamplighter.credit.law.parameters import POLICY, HoldKind, Pack, Rule
from lamplighter.credit.law.policy import (
    BANKRUPTCY,
    EVERYBODY,
    FACT_AGE,
    HEAT_NAMES,
    LIFE_SUPPORT,
    OPEN_NEXT_DAY,
    OWN,
    WHOLE_LAST_DAY,
)
from lamplighter.kernel.calendars import (
    CHRISTMAS,
    COLUMBUS,
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
    Holiday,
    HolidayCalendar,
    Observance,
)
from lamplighter.kernel.periods import Period

LINCOLN, CHAVEZ = Holiday("Lincoln Day", 2, day=12), Holiday("Cesar Chavez Day", 3, day=31)
CALENDAR = HolidayCalendar(
    (
        NEW_YEAR, MARTIN_LUTHER_KING, LINCOLN, PRESIDENTS, CHAVEZ, MEMORIAL, JUNETEENTH, INDEPENDENCE, LABOR, COLUMBUS,
        VETERANS, THANKSGIVING, DAY_AFTER_THANKSGIVING, CHRISTMAS,
    ),
    Observance.NEAREST_WEEKDAY,
)  # fmt: skip

MUNICIPAL = Pack(
    key="california-municipal",
    label="California, municipal utility",
    version=1,
    in_force=Period(date(2019, 1, 1)),
    calendar=Rule(
        CALENDAR, "Public Utilities Code 10010(d); Government Code 6700",
        "Power is not turned off on a Saturday, a Sunday, a legal holiday or while the office is closed.",
    ),
    **OWN,
    open_days_after=OPEN_NEXT_DAY,
    bill_to_notice_days=Rule(
        19, "Public Utilities Code 10010.1(a)", "The notice is mailed no earlier than 19 days after the bill."
    ),
    mail_days=Rule(5, "Public Utilities Code 10010.1(a)", "The ten days begin five days after the notice is mailed."),
    notice_days=Rule(10, "Public Utilities Code 10010.1(a)", "The notice gives at least ten days."),
    whole_last_days=WHOLE_LAST_DAY,
    extension_request_days=Rule(
        13, "Public Utilities Code 10010(b)", "More time can be asked for within 13 days of the notice's mailing."
    ),
    complaint_days=Rule(
        5, "Public Utilities Code 10010(b)", "A complaint within five days of receiving the bill is reviewed."
    ),
    contact_hours=Rule(
        24, "Public Utilities Code 10010.1(b)",
        "Somebody tried to reach the customer by telephone or in person at least 24 hours before.",
    ),
    posted_hours=Rule(
        48, "Public Utilities Code 10010.1(b)",
        "Where nobody could be reached, a notice was left at least 48 hours before.",
    ),
    tenant_notice_days={
        "individually-metered": Rule(
            10, "Public Utilities Code 10009", "Tenants are told ten days before, and may become customers."
        ),
        "master-metered": Rule(
            15, "Public Utilities Code 10009.1", "A notice stands on every door for 15 days before."
        ),
    },
    holds={
        HoldKind.DISPUTE: Rule(
            EVERYBODY, "Public Utilities Code 10010(b)(1)", "Power stays on while a disputed bill is investigated."
        ),
        HoldKind.REVIEW: Rule(
            EVERYBODY, "Public Utilities Code 10010(b)(2)", "Power stays on while a request for more time is reviewed."
        ),
        HoldKind.MEDICAL: Rule(
            EVERYBODY, "Public Utilities Code 10010(b)(3)",
            "A doctor certified that it would be life threatening, and the customer will pay over time.",
        ),
        **LIFE_SUPPORT,
        **BANKRUPTCY,
    },
    heat_alerts=Rule(HEAT_NAMES, POLICY, "Power is not turned off on a day with a heat alert."),
    plan_months=Rule(12, "Public Utilities Code 10010(e)", "Arrears are spread over at most twelve months."),
    fact_age_minutes=FACT_AGE,
    theft_months=Rule(
        36, "Code of Civil Procedure 338; Civil Code 1882.2",
        "Use by tampering is billed for at most three years; any other by the billing policy's limit.",
    ),
)  # fmt: skip
