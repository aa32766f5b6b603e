"""The departments that are asked for things, whose worklist a request goes to, and who may answer it."""

from __future__ import annotations

from dataclasses import dataclass

from lamplighter.worklist.kinds import Desk


@dataclass(frozen=True, slots=True)
class Department:
    """`permission` is what its people hold."""

    key: str
    label: str
    desk: Desk
    permission: str


DEPARTMENTS = {
    one.key: one
    for one in (
        Department("billing", "Billing", Desk.BILLING, "billing.run"),
        Department("metering", "Metering", Desk.METERS, "metering.change"),
        Department("field", "Field dispatch", Desk.SERVICE, "orders.dispatch"),
        Department("finance", "Finance", Desk.FINANCE, "ledger.view"),
        Department("programs", "Programs", Desk.PROGRAMS, "programs.work"),
        Department("key-accounts", "Key accounts", Desk.KEY_ACCOUNTS, "keyaccounts.work"),
        Department("technology", "Information technology", Desk.ADMINISTRATION, "system.configure"),
        Department("service", "Customer service", Desk.SERVICE, "contacts.work"),
    )
}
