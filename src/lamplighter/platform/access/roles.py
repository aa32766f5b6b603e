"""Permissions, each one verb on one thing, and the permission sets for the jobs of a utility."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PERMISSIONS: dict[str, str] = {
    "accounts.view": "see an account, its people, premises, timeline and balances",
    "accounts.change": "change contact data, roles and mailing of an account",
    "service.start": "start, stop and move service",
    "notes.write": "write notes on an account",
    "contacts.work": "log calls and visits, verify callers, answer messages",
    "identity.view": "see identity numbers and bank data in clear",
    "addresses.protect": "protect a customer's address, and see one that is confidential, with a reason",
    "metering.view": "see meters, reads and intervals",
    "premises.change": "add premises and service points",
    "metering.change": "install, exchange and remove meters; correct multipliers",
    "reads.import": "import meter files",
    "reads.decide": "decide meter-data exceptions: accept, edit or estimate",
    "tariffs.view": "see the rate book",
    "tariffs.draft": "draft and propose tariffs",
    "tariffs.adopt": "adopt a tariff that somebody else proposed",
    "rates.study": "price proposed rates over customers, find their best rate, review who is on which",
    "rates.approve": "approve moves to another rate that somebody else proposed",
    "billing.view": "see bills and drafts",
    "billing.run": "run a bill cycle and release parked bills",
    "billing.correct": "cancel and rebill",
    "billing.invoice": "issue miscellaneous invoices",
    "payments.take": "take payments into an own drawer",
    "payments.reverse": "reverse payments",
    "cash.verify": "verify other people's drawers and deposits",
    "adjustments.ask": "adjust charges within an own limit and ask beyond it",
    "adjustments.approve": "approve adjustments, refunds and waivers that somebody else asked for",
    "ledger.view": "see the general ledger",
    "ledger.post": "post journals and close accounting periods",
    "credit.view": "see credit standing and collection steps",
    "credit.work": "make arrangements and work collections",
    "credit.decide": "approve write-offs and release blocks",
    "orders.view": "see service orders",
    "orders.raise": "raise service orders",
    "orders.dispatch": "plan the days of crews and assign orders to them",
    "orders.work": "complete service orders in the field",
    "interfaces.view": "see how interfaces stand, what failed, and incidents",
    "interfaces.work": "report errors at interfaces, retry, and send tickets to vendors",
    "investigations.work": "investigate unauthorized use",
    "programs.view": "see programs and applications",
    "programs.apply": "take applications for programs, which the terms decide",
    "programs.work": "decide program applications otherwise, end enrollments and audit them",
    "programs.oversee": "set the terms and budgets of programs and draw audit samples",
    "rebates.view": "see rebates, the manual and their budgets",
    "rebates.apply": "take rebate applications and their papers",
    "rebates.work": "check, inspect and measure rebates; pay them within an own limit and ask beyond it",
    "rebates.approve": "approve rebate payments that somebody else asked for",
    "keyaccounts.view": "see key-account portfolios and plans",
    "keyaccounts.work": "keep portfolios, plans, contacts and contracts",
    "outages.communicate": "write and send outage messages",
    "team.lead": "schedule, assign and review the unit's work",
    "reports.view": "see and export reports",
    "worklist.work": "work the worklists of one's desk",
    "notices.send": "send letters and notices",
    "notices.approve": "approve notices to many customers that somebody else planned",
    "notices.template": "draft notice templates",
    "notices.adopt": "adopt notice templates that somebody else drafted",
    "policies.write": "draft, propose and review policies and articles; raise requirements of systems",
    "policies.adopt": "adopt policies and articles that somebody else drafted; decide on requirements",
    "audit.view": "see the audit trail, who read what, and what rows were",
    "users.manage": "manage logins and roles",
    "system.configure": "configure interfaces and jobs",
}

LOOK = {
    "accounts.view", "interfaces.view", "metering.view", "tariffs.view", "billing.view", "credit.view", "orders.view",
    "programs.view", "rebates.view", "worklist.work",
}  # fmt: skip
DESK = LOOK | {
    "accounts.change", "service.start", "notes.write", "payments.take", "adjustments.ask", "credit.work",
    "interfaces.work", "orders.raise", "notices.send", "programs.apply", "rebates.apply", "contacts.work",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    label: str
    permissions: frozenset[str]

    def __post_init__(self) -> None:
        assert self.permissions <= set(PERMISSIONS), self.permissions - set(PERMISSIONS)


def _role(name: str, label: str, permissions: Iterable[str]) -> tuple[str, Role]:
    return name, Role(name, label, frozenset(permissions))


ROLES: dict[str, Role] = dict(
    [
        _role("csr", "Customer service representative", DESK),
        _role("senior-csr", "Senior customer service representative",
              DESK | {"payments.reverse", "billing.correct", "identity.view", "policies.write"}),
        _role("head-cashier", "Head cashier",
              LOOK | {"cash.verify", "payments.reverse", "notes.write", "reports.view"}),
        _role("supervisor", "Customer services supervisor",
              LOOK | {"accounts.change", "interfaces.work", "notes.write", "cash.verify", "adjustments.approve",
                      "credit.decide",
                      "orders.raise", "orders.dispatch", "team.lead", "reports.view", "notices.adopt", "identity.view",
                      "keyaccounts.view", "service.start", "notices.send", "premises.change", "addresses.protect",
                      "programs.apply",
                      "programs.work",
                      "programs.oversee", "rebates.approve", "rates.study", "contacts.work", "policies.write",
                      "policies.adopt", "notices.approve"}),
        _role("billing-analyst", "Billing analyst",
              LOOK | {"billing.run", "billing.correct", "billing.invoice", "premises.change", "reads.import",
                      "reads.decide", "tariffs.draft", "notes.write", "reports.view", "notices.template",
                      "rates.study", "policies.write"}),
        _role("finance", "Finance officer",
              {"accounts.view", "billing.view", "tariffs.view", "tariffs.adopt", "ledger.view", "ledger.post",
               "rates.approve", "reports.view", "worklist.work", "policies.adopt"}),
        _role("accountant", "Accountant",
              {"accounts.view", "billing.view", "ledger.view", "ledger.post", "reports.view", "worklist.work"}),
        _role("collections", "Collections representative", LOOK | {"credit.work", "notes.write", "orders.raise",
                                                                  "notices.send", "adjustments.ask", "contacts.work"}),
        _role("dispatcher", "Field dispatcher",
              {"orders.view", "orders.raise", "orders.dispatch", "metering.view", "worklist.work"}),
        _role("field-crew", "Field crew", {"orders.view", "orders.work", "metering.view"}),
        _role("meter-technician", "Meter technician",
              {"orders.view", "orders.work", "orders.raise", "metering.view", "metering.change", "reads.import",
               "worklist.work"}),
        _role("investigator", "Revenue-protection investigator",
              LOOK | {"investigations.work", "orders.raise", "notes.write"}),
        _role("program-staff", "Program staff",
              LOOK | {"programs.apply", "programs.work", "rebates.apply", "rebates.work", "notes.write", "notices.send",
                      "contacts.work"}),
        _role("account-manager", "Account manager",
              LOOK | {"keyaccounts.view", "keyaccounts.work", "rebates.apply", "notes.write", "orders.raise",
                      "reports.view",
                      "notices.send", "notices.approve", "outages.communicate", "rates.study", "contacts.work",
                      "policies.write"}),
        _role("lead-account-manager", "Lead account manager",
              LOOK | {"keyaccounts.view", "keyaccounts.work", "rebates.apply", "notes.write", "orders.raise",
                      "reports.view",
                      "notices.send", "notices.adopt", "notices.approve", "outages.communicate", "team.lead",
                      "tariffs.draft", "rates.study", "contacts.work", "policies.write", "policies.adopt"}),
        _role("auditor", "Auditor (reads only)",
              {p for p in PERMISSIONS if p.endswith(".view")} - {"identity.view"}),
        _role("administrator", "Administrator",
              {"interfaces.view", "interfaces.work", "users.manage", "system.configure",
               "audit.view", "tariffs.view", "notices.template"}),
    ]
)  # fmt: skip


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything that these roles together may do; a role that is no longer defined grants nothing."""
    return frozenset(p for name in roles if name in ROLES for p in ROLES[name].permissions)
