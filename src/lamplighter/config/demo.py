"""Who one may be in the demo with one click: the cards of its first page, and what `lamplighter demo` prints."""

from __future__ import annotations

from dataclasses import dataclass

CARDS_KEY, CARDS_SECRET = "demo-cards", "marisol-bay-cards"
"""Of the simulated card processor: invented, as everything in the demo, and of no use outside it."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A card: whose login, what their job is, what there is to see."""

    username: str
    label: str
    shows: str
    icon: str


DEMO_LOGINS: tuple[DemoLogin, ...] = (
    DemoLogin("dana", "Customer service", "The desk: find anyone, take payments, explain a bill.", "headset"),
    DemoLogin("renee", "Supervisor", "What waits for a second person, the team's work.", "users"),
    DemoLogin("iris", "Billing analyst", "Bill cycles, meter files, what waits for a decision.", "file-invoice"),
    DemoLogin("omar", "Finance", "The second person for rates, the books.", "scale"),
    DemoLogin("vera", "Accountant", "The second person for journals: a settlement with the city waits.", "scale"),
    DemoLogin("joel", "Account manager", "Key accounts: who is due, what peaks cost, plans.", "briefcase"),
    DemoLogin("petra", "Program staff", "Rebates and discounts: check, inspect, measure, pay.", "leaf"),
    DemoLogin("sam", "Field crew", "Today's route on a phone: safety first, reads, photos.", "truck"),
    DemoLogin("wen", "Meter technician", "Meters in stock, multipliers, what the field reports.", "gauge"),
    DemoLogin("admin", "Administrator", "Users and roles, rules and limits, templates, the audit trail.", "settings"),
)
