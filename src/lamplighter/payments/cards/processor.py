"""The card processor over HTTP: sessions of its hosted page, payments as it knows them. JSON, amounts in cents."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from lamplighter.kernel.money import Money

SECONDS = 15
PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals that a later try may not meet, as all of 500 and more."""
T = TypeVar("T")


class CannotReach(Exception):
    """The processor does not answer, or refuses; the message is fit to be read aloud."""


class Refuses(CannotReach):
    """It answered that it will not do what it was asked: asking for the same again helps nobody."""


@dataclass(frozen=True, slots=True)
class Session:
    """A visit to the hosted page: where the customer goes."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment that a customer made there. `reference` is what we gave the session; of the card only `shown`, its
    brand and last four digits, is told."""

    id: str
    reference: str
    amount: Money
    paid_at: datetime
    shown: str

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> Charge:
        """From the wire. Raises ValueError for what is none."""
        try:
            amount, paid = data["amount"], data["created"]
            if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0 or data["currency"] != "usd":
                raise ValueError(f"no amount in cents of US dollars: {amount!r}")
            shown = f"{str(data.get('brand', ''))[:12]} {str(data.get('last4', ''))[:4]}".strip()
            return cls(str(data["id"])[:40], str(data["reference"])[:40], Money(amount),
                       datetime.fromtimestamp(int(paid), UTC), shown)  # fmt: skip
        except (KeyError, TypeError, OverflowError, OSError) as wrong:
            raise ValueError(f"no payment: {wrong}") from wrong


@dataclass(frozen=True, slots=True)
class Kept:
    """A card that the processor keeps. `reference` is what we gave the visit in which it was entered."""

    id: str
    reference: str
    brand: str
    last_four: str
    expires_on: date

    @classmethod
    def told(cls, data: Mapping[str, Any]) -> Kept:
        """From the wire. Raises ValueError for what is none."""
        try:
            month, year = int(data["exp_month"]), int(data["exp_year"])
            last = date(year, month, monthrange(year, month)[1])
            return cls(str(data["id"])[:40], str(data.get("reference", ""))[:40], str(data["brand"])[:12],
                       str(data["last4"])[-4:], last)  # fmt: skip
        except (KeyError, TypeError, OverflowError) as wrong:
            raise ValueError(f"no card: {wrong}") from wrong


@dataclass(frozen=True, slots=True)
class Declined:
    """The card's bank said no, with its code (cards/declines.py)."""

    code: str


class Processor(Protocol):
    """What the program asks of a processor; another one is another adapter."""

    def begin(self, *, key: str, reference: str, amount: Money, back: str, words: str) -> Session: ...

    def charge(self, key: str) -> Charge: ...

    def charges(self, on: date) -> list[Charge]: ...

    def keep(self, *, key: str, reference: str, back: str, words: str) -> Session: ...

    def kept(self, reference: str) -> Kept | None: ...

    def draw(self, *, key: str, card: str, reference: str, amount: Money, words: str) -> Charge | Declined: ...


@dataclass(frozen=True, slots=True)
class HostedProcessor:
    """`url` is https://KEY@api.host; the key goes into a header, never into an address."""

    url: str

    @property
    def origin(self) -> str:
        where = urlsplit(self.url)
        return f"{where.scheme}://{where.hostname}" + (f":{where.port}" if where.port else "")

    def begin(self, *, key: str, reference: str, amount: Money, back: str, words: str) -> Session:
        """A session for one amount; the same key again answers with the same session. Raises CannotReach."""
        asked = {"reference": reference, "amount": amount.cents, "currency": "usd", "back": back, "words": words}
        return self._session(asked, key)

    def keep(self, *, key: str, reference: str, back: str, words: str) -> Session:
        """A session in which a card is entered to be kept, and nothing is charged. Raises CannotReach."""
        return self._session({"reference": reference, "mode": "keep", "back": back, "words": words}, key)

    def kept(self, reference: str) -> Kept | None:
        """The card that was entered in a session of ours; None where none was."""
        found = self._ask(f"/v1/cards?{urlencode({'reference': reference})}").get("cards", [])
        return self._read(Kept.told, found[0]) if found else None

    def draw(self, *, key: str, card: str, reference: str, amount: Money, words: str) -> Charge | Declined:
        """Charge a kept card; the same key again has the same answer. Raises CannotReach, Refuses."""
        asked = {"card": card, "reference": reference, "amount": amount.cents, "currency": "usd", "words": words}
        told = self._ask("/v1/payments", asked, key=key, declines=True)
        code = told.get("decline_code")
        return Declined(str(code)[:40]) if code else self._charge(told)

    def charge(self, key: str) -> Charge:
        return self._charge(self._ask(f"/v1/payments/{urlencode({'': key})[1:]}"))

    def charges(self, on: date) -> list[Charge]:
        """Everything that was paid on a day of the processor's clock (UTC)."""
        return [self._charge(one) for one in self._ask(f"/v1/payments?on={on.isoformat()}").get("payments", [])]

    def _session(self, asked: Mapping[str, Any], key: str) -> Session:
        told = self._ask("/v1/sessions", asked, key=key)
        if not str(told.get("url", "")).startswith(f"{self.origin}/"):
            raise CannotReach("The card page is not where the processor's pages are. Nothing was sent there.")
        return Session(str(told["id"])[:60], str(told["url"]))

    def _charge(self, data: Mapping[str, Any]) -> Charge:
        return self._read(Charge.told, data)

    def _read(self, told: Callable[[Mapping[str, Any]], T], data: Mapping[str, Any]) -> T:
        try:
            return told(data)
        except ValueError as wrong:
            raise CannotReach(f"The processor's answer can't be read: {wrong}.") from wrong

    def _ask(
        self, path: str, body: Mapping[str, Any] | None = None, *, key: str = "", declines: bool = False
    ) -> dict[str, Any]:
        """What it answers; with `declines`, a 402 is an answer too."""
        headers = {"Authorization": f"Bearer {unquote(urlsplit(self.url).username or '')}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.origin + path, data, headers)  # noqa: S310 - the address is the utility's own setting
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                told = json.load(answer)
        except HTTPError as refused:
            if declines and refused.code == HTTPStatus.PAYMENT_REQUIRED:
                return {"decline_code": _decline_code(refused)}
            kind = (
                CannotReach if refused.code in PASSING or refused.code >= HTTPStatus.INTERNAL_SERVER_ERROR else Refuses
            )
            raise kind(f"The card processor refuses ({refused.code}). Try again, or take another tender.") from refused
        except (URLError, OSError, ValueError) as lost:
            raise CannotReach("The card processor does not answer. Try again in a minute.") from lost
        if not isinstance(told, dict):
            raise CannotReach("The processor's answer can't be read.")
        return told


def _decline_code(refused: HTTPError) -> str:
    """Why the card's bank said no; "unknown" where the answer can't be read."""
    try:
        told = json.load(refused)
    except (OSError, ValueError):
        return "unknown"
    return str(told.get("decline_code") or "unknown") if isinstance(told, dict) else "unknown"
