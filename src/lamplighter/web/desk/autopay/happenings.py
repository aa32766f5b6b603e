"""What the timeline says of AutoPay and of links to pay by card."""

from __future__ import annotations

from lamplighter.payments.autopay.returns import handling_of
from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone

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
    "payments.draft.skipped": Wording(
        "AutoPay", Tone.NOTICE, MONEY, lambda d, _: f"{say.money(d)} is not drawn: {d.get('reason')}", "Open"),
    "payments.draft.returned": Wording(
        "AutoPay", Tone.BAD, MONEY,
        lambda d, _: f"{say.money(d)} came back: {handling_of(str(d.get('code'))).means} ({d.get('code')})", "Open"),
})  # fmt: skip
