"""What happened to a bill on paper or behind its link, in the words of the timeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lamplighter.web.desk import sentences as say
from lamplighter.web.desk.happenings import tell
from lamplighter.web.desk.wordings import MONEY, Wording
from lamplighter.web.ui.parts import Tone


def _on(words: str) -> Any:
    def said(data: Mapping[str, Any], on: date) -> str:
        return f"{words} {say.day(data.get('on'), on)} · {data.get('piece')}"

    return said


tell(
    {
        "billing.bill.printed": Wording(
            "Bill", Tone.PLAIN, MONEY, lambda d, _: f"Bill at the print shop · {d.get('piece')}", "View"),
        "billing.bill.mailed": Wording("Bill", Tone.GOOD, MONEY, _on("Bill mailed"), "View"),
        "billing.bill.remade": Wording("Bill", Tone.GOOD, MONEY, _on("Bill printed again and mailed"), "View"),
        "billing.bill.spoiled": Wording("Bill", Tone.WATCH, MONEY, _on("Bill spoiled, not mailed"), "View"),
        "billing.bill.returned": Wording("Bill", Tone.BAD, MONEY, _on("Bill came back"), "View"),
        "billing.bill.again": Wording("Bill", Tone.INFO, MONEY, _on("Bill goes out again, asked"), "View"),
        "billing.link.opened": Wording(
            "Bill", Tone.PLAIN, MONEY, lambda _d, _o: "Bill opened by the link in its email", "View"),
        "billing.link.locked": Wording(
            "Bill", Tone.WATCH, MONEY, lambda _d, _o: "Link to the bill locked after wrong answers", "View"),
        "billing.link.over": Wording(
            "Bill", Tone.BAD, MONEY, lambda _d, _o: "Link to the bill shut after too many wrong answers", "View"),
        "billing.link.revoked": Wording(
            "Bill", Tone.NOTICE, MONEY, lambda _d, _o: "Link to the bill revoked", "View"),
    }
)  # fmt: skip
