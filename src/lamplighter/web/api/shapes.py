"""What goes in and out: the shapes of the API, as its OpenAPI description tells them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

Number = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[\w-]+$", examples=["204518-7"])]
Cents = Annotated[int, Field(description="whole US cents", examples=[8466])]
PositiveCents = Annotated[int, Field(gt=0, le=100_000_000, description="whole US cents", examples=[8466])]
NO_NUL = r"^[^\x00]*$"


class Strict(Schema):
    """An unknown field is an error: a misspelt one must not be dropped silently."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    code: str
    message: str


class AccountShort(Schema):
    number: str
    name: str
    premise: str
    why: str = Field(description="why it was found")


class Service(Schema):
    kind: str
    premise: str
    rate: str
    riders: list[str]
    start: date
    end: date | None


class AccountOut(Schema):
    number: str
    name: str
    state: str
    customer_class: str
    cycle: str
    opened_on: date
    closed_on: date | None
    premise: str
    phone: str
    email: str
    language: str
    balance_cents: Cents
    past_due_cents: Cents
    services: list[Service]


class BillLineOut(Schema):
    label: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount_cents: Cents


class BillOut(Schema):
    number: str
    kind: str
    issued_on: date
    due_on: date
    previous_cents: Cents
    received_cents: Cents
    corrected_cents: Cents
    charges_cents: Cents
    due_cents: Cents


class BillWithLines(BillOut):
    lines: list[BillLineOut]


class PaymentOut(Schema):
    receipt: str
    received_on: date
    amount_cents: Cents
    reversed: bool


class DayOut(Schema):
    day: date
    kwh: Decimal | None
    kwh_received: Decimal | None
    estimated: bool


class TenderKind(StrEnum):
    """What another program may take: what can be told without anybody seeing it."""

    CHECK = "check"
    CARD = "card"
    TRANSFER = "transfer"
    CASH = "cash"


class PaymentIn(Strict):
    key: UUID = Field(description="one for each payment; sent again it answers the same and posts nothing")
    account: Number
    amount_cents: PositiveCents
    tender: TenderKind
    reference: str = Field("", max_length=40, pattern=NO_NUL, description="an approval code; never a card number")


class Batch(Strict):
    payments: list[PaymentIn] = Field(min_length=1, max_length=500)


class PaymentAnswer(Schema):
    key: UUID
    state: str = Field(description="posted, repeated or refused")
    receipt: str
    why: str


class Answers(Schema):
    posted: int
    repeated: int
    refused: int
    payments: list[PaymentAnswer]


class TotalIn(Strict):
    tender: TenderKind
    amount_cents: int = Field(ge=0, le=100_000_000_000, description="whole US cents", examples=[184_250])


class TotalsIn(Strict):
    key: UUID
    totals: list[TotalIn] = Field(max_length=len(TenderKind), description="a tender that is not named is zero")


class TotalsAnswer(Schema):
    state: str = Field(description="balanced or differs")
    differences: dict[str, int] = Field(description="by tender, what you hold more (or, negative, less) than we have")


class NoteIn(Strict):
    key: UUID
    words: str = Field(min_length=1, max_length=2000, pattern=NO_NUL)


class Done(Schema):
    at: datetime
