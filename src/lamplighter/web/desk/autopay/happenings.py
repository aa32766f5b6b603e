"""What the timeline says of AutoPay and of links to pay by card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lamplighter.kernel.money import Money
from lamplighter.payments.autopay.returns import handling_of
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone


def _returned(data: Mapping[str, Any], _on: date) -> str:
    """By the bank, with its code; or by the card processor, which has none."""
    code = str(data.get("code") or "")
    why = f": {handling_of(code).means} ({code})" if code else " to the card's holder"
    return f"{say.money(data)} came back{why}"


tell({
    "payments.link.made": Wording("Card", Tone.INFO, MONEY, lambda d, _: f"Link to pay {say.money(d)} by card"),
    "payments.autopay.begun": Wording(
        "AutoPay", Tone.GOOD, MONEY,
        lambda d, on: f"AutoPay from {d.get('bank')}, bills from {say.day(str(d.get('begins')), on)}"),
    "payments.autopay.ended": Wording(
        "AutoPay", Tone.NOTICE, MONEY, lambda d, _: f"AutoPay stopped: {d.get('reason')}"),
    "payments.autopay.held": Wording("AutoPay", Tone.WATCH, MONEY, lambda d, _: f"AutoPay held: {d.get('reason')}"),
    "payments.autopay.released": Wording("AutoPay", Tone.GOOD, MONEY, lambda _d, _o: "AutoPay goes on"),
    "payments.autopay.corrected": Wording(
        "AutoPay", Tone.INFO, MONEY, lambda d, _: f"Corrected by the bank to {d.get('bank')} ({d.get('code')})"),
    "payments.bank.blocked": Wording(
        "AutoPay", Tone.BAD, MONEY, lambda d, _: f"Bank account blocked ({d.get('code')})"),
    "payments.draft.announced": Wording(
        "AutoPay", Tone.INFO, MONEY,
        lambda d, on: f"{say.money(d)} is drawn {say.day(str(d.get('draw_on')), on)}", "Open"),
    "payments.draft.corrected": Wording(
        "AutoPay", Tone.NOTICE, MONEY,
        lambda d, _: f"Corrected: {say.money(d)} in place of {Money(int(d.get('was') or 0))}", "Open"),
    "payments.draft.skipped": Wording(
        "AutoPay", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} is not drawn: {d.get('reason')}", "Open"),
    "payments.draft.charged": Wording("AutoPay", Tone.GOOD, MONEY, lambda d, _: f"{say.money(d)} charged to the card"),
    "payments.draft.declined": Wording(
        "AutoPay", Tone.BAD, MONEY, lambda d, _: f"{say.money(d)} declined: {d.get('reason')}", "Open"),
    "payments.card.invited": Wording("Card", Tone.INFO, MONEY, lambda _d, _o: "Link to AutoPay by card sent"),
    "payments.card.renewed": Wording(
        "AutoPay", Tone.INFO, MONEY, lambda d, _: f"{d.get('was')} was replaced by its bank: {d.get('card')}"),
    "payments.card.replaced": Wording(
        "AutoPay", Tone.INFO, MONEY, lambda d, _: f"{d.get('was')} was replaced by the customer: {d.get('card')}"),
    "payments.draft.returned": Wording("AutoPay", Tone.BAD, MONEY, _returned, "Open"),
})  # fmt: skip
