"""What the simulated processor knows: sessions and payments; each event is told until somebody listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import uuid4

from lamplighter.payments.cards.signing import sign

DECLINED = "4000000000000002"
LATER = {
    "4000000000009995": "insufficient_funds", "4000000000000341": "generic_decline", "4000000000000069": "expired_card",
    "4000000000009987": "lost_card", "4000000000000093": "revocation_of_authorization",
    "4000000000003220": "authentication_required",
}  # fmt: skip
"""Cards that can be kept, and are declined when they are charged."""
YEARS_GOOD = 3
TRIES = 5


class Conflict(Exception):
    """The same key came with other parameters."""


@dataclass
class Processor:
    """`hook` is where events go, signed with `secret`; `pause` waits between tries."""

    hook: str
    secret: str
    clock: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # of kept cards: nobody but the processor has them
    drawn: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    mute: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, key: str, asked: dict[str, Any]) -> dict[str, Any]:
        """The same key again: the same session; with other parameters a Conflict."""
        content = json.dumps(asked, sort_keys=True)
        with self._lock:
            if key in self.keys:
                known, session = self.keys[key]
                if known != content:
                    raise Conflict
                return self.sessions[session]
            session = f"cs_{uuid4().hex}"
            self.keys[key] = (content, session)
            self.sessions[session] = {**asked, "id": session, "paid": ""}
            return self.sessions[session]

    def pay(self, session: str, card: str) -> bool:
        """The customer entered a card; whether it went through. A session is paid once."""
        with self._lock:
            found = self.sessions[session]
            if found["paid"]:
                return True
            if found.get("mode") == "keep" and card != DECLINED and len(card) >= 12:
                found["paid"] = self._keep(found["reference"], card)
                return True
            if card == DECLINED or len(card) < 12:
                self._tell("payment.failed", {
                    "id": f"pay_{uuid4().hex[:24]}", "reference": found["reference"], "decline_code": "generic_decline",
                })  # fmt: skip
                return False
            payment = {
                "id": f"pay_{uuid4().hex[:24]}", "reference": found["reference"], "amount": found["amount"],
                "currency": "usd", "created": int(self.clock().timestamp()), "brand": "visa", "last4": card[-4:],
            }  # fmt: skip
            found["paid"] = payment["id"]
            self.payments[str(payment["id"])] = payment
        self._tell("payment.succeeded", payment)
        return True

    def _keep(self, reference: str, number: str) -> str:
        key = f"card_{uuid4().hex[:24]}"
        self.cards[key] = {
            "id": key, "reference": reference, "brand": "visa", "last4": number[-4:], "exp_month": self.clock().month,
            "exp_year": self.clock().year + YEARS_GOOD,
        }  # fmt: skip
        self.numbers[key] = number
        self._tell("card.saved", self.cards[key])
        return key

    def renew(self, card: str, number: str, *, month: int, year: int) -> None:
        """The card's bank sent a new one: whoever keeps the old is told (an account updater)."""
        self.numbers[card] = number
        self.cards[card] |= {"last4": number[-4:], "exp_month": month, "exp_year": year}
        self._tell("card.updated", self.cards[card])

    def close(self, card: str) -> None:
        self.numbers[card] = DECLINED
        self._tell("card.closed", {"id": card})

    def draw(self, key: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Charge a kept card: the payment, or a decline; the same key again: the same answer."""
        content = json.dumps(asked, sort_keys=True)
        with self._lock:
            if key in self.drawn:
                known, answer = self.drawn[key]
                if known != content:
                    raise Conflict
                return answer
            code = LATER.get(self.numbers.get(asked["card"], ""), "")
            if asked["card"] not in self.cards or self.numbers[asked["card"]] == DECLINED:
                code = "invalid_account"
            answer = {"decline_code": code} if code else self._paid(asked)
            self.drawn[key] = (content, answer)
        if not code:
            self._tell("payment.succeeded", answer)
        return answer

    def _paid(self, asked: dict[str, Any]) -> dict[str, Any]:
        card = self.cards[asked["card"]]
        payment = {
            "id": f"pay_{uuid4().hex[:24]}", "reference": asked["reference"], "amount": asked["amount"],
            "currency": "usd", "created": int(self.clock().timestamp()), "brand": card["brand"], "last4": card["last4"],
        }  # fmt: skip
        self.payments[str(payment["id"])] = payment
        return payment

    def take_back(self, payment: str, cents: int, *, disputed: bool = False) -> None:
        """Refund, or the card holder's bank takes it back."""
        kind = "payment.disputed" if disputed else "payment.refunded"
        self._tell(kind, {**self.payments[payment], "back": cents})

    def of_day(self, on: date) -> list[dict[str, Any]]:
        return [one for one in self.payments.values() if datetime.fromtimestamp(one["created"], UTC).date() == on]

    def event(self, kind: str, payment: dict[str, Any]) -> bytes:
        about = "card" if kind.startswith("card.") else "payment"
        told = {"id": f"evt_{uuid4().hex}", "type": kind, "created": int(self.clock().timestamp()),
                "data": {about: payment}}  # fmt: skip
        return json.dumps(told).encode()

    def _tell(self, kind: str, payment: dict[str, Any]) -> None:
        if not self.mute:
            body = self.event(kind, payment)
            threading.Thread(target=self._deliver, args=(body,), daemon=True).start()

    def _deliver(self, body: bytes) -> None:
        """Until it is taken; signed anew each time, as the real ones do."""
        for attempt in range(TRIES):
            headers = {"Content-Type": "application/json", "Card-Signature": sign(body, self.secret, at=self.clock())}
            try:
                with urlopen(Request(self.hook, body, headers), timeout=10) as answer:  # noqa: S310 - our own demo
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                pass
            self.pause(2.0**attempt)
