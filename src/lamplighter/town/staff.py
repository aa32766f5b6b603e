"""Who works at Marisol Bay Power, and which customers have a login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lamplighter.formats.conversion.utility import Kind
from lamplighter.kernel.actors import Actor, staff, system
from lamplighter.town.calendar import OFFICE, days_after


@dataclass(frozen=True, slots=True)
class Employee:
    """`weeks` since they joined, where that is part of their story."""

    username: str
    name: str
    title: str
    role: str
    weeks: int = 0


STAFF = (
    Employee("renee", "Renee Abernathy", "Customer Services Supervisor", "supervisor"),
    Employee("dana", "Dana Reyes", "Senior CSR", "senior-csr"),
    Employee("tuan", "Tuan Pham", "CSR, Vietnamese", "csr"),
    Employee("meiling", "Mei-Ling Tso", "CSR, Cantonese and Mandarin", "csr"),
    Employee("lupe", "Lupe Andrade", "CSR, Spanish, part-time", "csr"),
    Employee("cory", "Cory Villanueva", "CSR, Tagalog, in training", "csr", weeks=3),
    Employee("marcus", "Marcus Oyelaran", "CSR", "csr"),
    Employee("joel", "Joel Castellanos", "Key account manager, portfolio A", "account-manager"),
    Employee("priya", "Priya Raman", "Key account manager, portfolio B", "account-manager"),
    Employee("sam", "Sam Whitlock", "Field service", "field-crew"),
    Employee("gus", "Gus Marchetti", "Field service", "field-crew"),
    Employee("wen", "Wendell Sato", "Meter technician", "meter-technician"),
    Employee("petra", "Petra Lund", "Program specialist", "program-staff"),
    Employee("ivo", "Ivo Marsh", "Program specialist, inspections", "program-staff"),
    Employee("iris", "Iris Maddox", "Billing analyst", "billing-analyst"),
    Employee("hollis", "Hollis Baptiste", "Head cashier", "head-cashier"),
    Employee("omar", "Omar Fitch", "Finance officer", "finance"),
    Employee("vera", "Vera Stroud", "Accountant", "accountant"),
    Employee("beatriz", "Beatriz Quayle", "Auditor", "auditor"),
    Employee("admin", "Noor Castlebury", "Administrator", "administrator"),
)
ANALYST, CASHIER, ADMINISTRATOR = staff("iris"), staff("hollis"), staff("admin")
FINANCE, ACCOUNTANT = staff("omar"), staff("vera")
DANA, RENEE = staff("dana"), staff("renee")
JOEL, PRIYA = staff("joel"), staff("priya")
FOUNDER, CONVERSION, READS, BILL_RUN = system("founding"), system("conversion"), system("reads"), system("bill-run")


@dataclass(frozen=True, slots=True)
class Source:
    """Where payments come in; `cashier` opens it at `hour`, on working days that are among its `weekdays`."""

    key: str
    name: str
    kind: Kind
    cashier: Actor
    hour: int
    opening_float: int = 0
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)

    def next_day(self, day: date) -> date:
        """The first day from `day` on on which it takes something."""
        while not (OFFICE.is_working_day(day) and day.weekday() in self.weekdays):
            day = days_after(day, 1)
        return day


SOURCES = {
    one.key: one
    for one in (
        Source("drawer-1", "Drawer 1", "drawer", staff("tuan"), 8, 20000, (1, 2, 4)),
        Source("drawer-2", "Drawer 2", "drawer", DANA, 8, 20000, (0, 4)),
        Source("drawer-3", "Drawer 3", "drawer", staff("lupe"), 8, 20000, (3,)),
        Source("lockbox", "Lockbox", "lockbox", system("lockbox"), 9, weekdays=(1, 4)),
        Source("electronic", "AutoPay, online, telephone", "electronic", system("processor"), 6),
    )
}
ELECTRONIC = {key for key, one in SOURCES.items() if one.kind == "electronic"}
