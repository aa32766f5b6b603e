"""Who one may be in the demo with one click: the cards of its first page, and what `lamplighter demo` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A card: whose login, what their job is, what there is to see."""

    username: str
    label: str
    shows: str
    icon: str


DEMO_LOGINS: tuple[DemoLogin, ...] = (
    DemoLogin("dana", "Customer service", "The desk: find anyone, take payments, arrange, explain a bill.", "headset"),
    DemoLogin("renee", "Supervisor", "The day of a team: schedule, cash, approvals, calls, compliance.", "users"),
    DemoLogin("iris", "Billing analyst", "Bill cycles, meter files, what waits for a decision, rates.", "file-invoice"),
    DemoLogin("omar", "Finance", "The second person for rates, the books.", "scale"),
    DemoLogin("joel", "Account manager", "Key accounts: loads, rates, plans, notices.", "briefcase"),
    DemoLogin("thihoa", "Customer", "A household's portal: bills, usage, help with paying.", "home"),
    DemoLogin("kelp", "Business customer", "A brewery's portal: demand, sites, colleagues.", "building"),
    DemoLogin("admin", "Administrator", "Users and roles, rules and limits, the audit trail.", "settings"),
)
