"""The form of a counter payment: amount, tenders, other accounts, and what is meant for which debt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest

from lamplighter.accounts.models import Account, Agreement
from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.payments.models import Tender
from lamplighter.payments.rules import TenderIn, looks_like_a_card
from lamplighter.platform.models import RequestKey
from lamplighter.web.access import Refused
from lamplighter.web.desk.accounts.money import Standing
from lamplighter.web.loading import load_account
from lamplighter.web.ui.forms import Form, MoneyField, MoneyInput, Once, Option, OptionsField
from lamplighter.web.ui.wording import clock

MOST = Money(99_999_999)
BESIDE = (1, 2, 3)
MORE = (1, 2)
TENDERS = {
    "cash": Option("Cash", key="c"),
    "check": Option("Check", key="k"),
    "money-order": Option("Money order", key="m"),
    "card": Option("Card, at the terminal", key="r"),
    "transfer": Option("Bank transfer", key="b"),
    "voucher": Option("Agency voucher", key="v"),
}
NUMBERED = {
    "card": "Enter the approval code that the card terminal printed.",
    "transfer": "Enter the bank's reference.",
    "voucher": "Enter the number of the agency's voucher.",
}
NO_CARD = "That looks like a card number. Never write one here; enter the terminal's approval code."


@dataclass(frozen=True, slots=True)
class Till:
    """What a payment is measured against: the account, what it owes and where, and who may be paid beside it."""

    request: HttpRequest
    account: Account
    owed: Standing
    on: date
    debts: Sequence[tuple[Agreement, Money]] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """Another way to post what was refused: the button that says it."""

    name: str
    words: str


class Pay(Once, Form):
    """Amount, tender, for cash what was handed over (empty: exactly the amount), more tenders, other accounts.

    `offer` is the way through when something is amiss but may still be meant. Clean answers with `payments` (by
    account), `tenders` and `directed` (by agreement).
    """

    amount = MoneyField(
        label="Amount", most=MOST, error_messages={"required": "Enter the amount the customer is paying."},
        widget=MoneyInput({"autofocus": "", "data-select": "", "data-letters": ""}),
    )  # fmt: skip
    tender = OptionsField(label="Paid with", options=TENDERS, initial="cash")
    handed_over = MoneyField(label="Cash handed over", required=False, help_text="Leave empty when it is exact.",
                             widget=MoneyInput({"data-select": ""}))  # fmt: skip
    reference = forms.CharField(
        label="Number or approval code", required=False, max_length=40,
        help_text="Of the check, money order, card slip, transfer or voucher. Never a card number.",
    )  # fmt: skip

    def __init__(self, *args: Any, till: Till, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.till, self.offer = till, Offer("", "")
        for n in BESIDE:
            number = forms.CharField(label="Account", required=False, max_length=20)
            self.fields |= {f"number_{n}": number, f"amount_{n}": MoneyField(label="Amount", required=False, most=MOST)}
        for n in MORE:
            self.fields |= {
                f"more_kind_{n}": forms.ChoiceField(
                    label="Also with", required=False, choices=[("", "–"), *((k, str(o)) for k, o in TENDERS.items())]
                ),
                f"more_amount_{n}": MoneyField(label="Amount", required=False, most=MOST),
                f"more_reference_{n}": forms.CharField(label="Number or code", required=False, max_length=40),
            }
        for agreement, owes in till.debts:
            label = f"{agreement.type.label}, owes {owes}"
            self.fields[f"direct_{agreement.pk}"] = MoneyField(label=label, required=False, most=owes)

    @property
    def beside(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"number_{n}"], self[f"amount_{n}"]) for n in BESIDE]

    @property
    def more(self) -> list[tuple[forms.BoundField, ...]]:
        return [tuple(self[f"more_{part}_{n}"] for part in ("kind", "amount", "reference")) for n in MORE]

    @property
    def directed(self) -> list[forms.BoundField]:
        return [self[f"direct_{agreement.pk}"] for agreement, _ in self.till.debts]

    @property
    def shares_out(self) -> bool:
        """Whether the part for other accounts stands open."""
        return self._filled(field for pair in self.beside for field in pair)

    @property
    def splits(self) -> bool:
        """Whether the part for more tenders stands open."""
        return self._filled(field for row in self.more for field in row)

    @property
    def directs(self) -> bool:
        """Whether the part for single debts stands open."""
        return self._filled(self.directed)

    def _filled(self, fields: Any) -> bool:
        return any(field.data for field in fields) if self.is_bound else False

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        said["payments"] = self._payments(said)
        said["total"] = total(said["payments"].values())
        said["directed"] = {a: said[f"direct_{a.pk}"] for a, _ in self.till.debts if said[f"direct_{a.pk}"]}
        others = self._others(said)
        said["first"] = said["total"] - total(tender.amount for tender in others)
        if not self.errors:
            self._measure(said)
        if not self.errors:
            said["tenders"] = [self._first(said), *others]
        return said

    def _measure(self, said: dict[str, Any]) -> None:
        """What is wrong with it as a whole, and what may be a slip."""
        self._refuse_reference("reference", said["tender"], said["reference"])
        if said["first"].cents <= 0:
            self.add_error("amount", "The other tenders pay all of it. Choose one of them above.")
        elif said["tender"] == "cash" and said["handed_over"] and said["handed_over"] < said["first"]:
            self._too_little(said)
        elif not self.errors and "anyway" not in self.data and not _answered(said):
            for doubt in self._doubts(said):
                self.add_error(None, doubt)
                self.offer = Offer("anyway", "Take it anyway")

    def _first(self, said: Mapping[str, Any]) -> TenderIn:
        handed = said["handed_over"] if said["tender"] == "cash" else None
        reference = "" if said["tender"] == "cash" else said["reference"].strip()
        return TenderIn(said["tender"], said["first"], handed or said["first"], reference)

    def _others(self, said: Mapping[str, Any]) -> list[TenderIn]:
        found = []
        for n in MORE:
            kind, amount, reference = (said[f"more_{part}_{n}"] for part in ("kind", "amount", "reference"))
            if not kind and not amount:
                continue
            if not kind or not amount:
                self.add_error(f"more_amount_{n}" if kind else f"more_kind_{n}", "Fill in both how and how much.")
                continue
            self._refuse_reference(f"more_reference_{n}", kind, reference)
            found.append(TenderIn(kind, amount, amount, "" if kind == "cash" else reference.strip()))
        return found

    def _refuse_reference(self, field: str, kind: str, reference: str) -> None:
        if kind != "cash" and looks_like_a_card(reference):
            self.add_error(field, NO_CARD)
        elif kind in NUMBERED and not reference.strip():
            self.add_error(field, NUMBERED[kind])

    def _payments(self, said: Mapping[str, Any]) -> dict[Account, Money]:
        """Which account gets how much."""
        found = {self.till.account: said["amount"]}
        for n in BESIDE:
            number, amount = said[f"number_{n}"].strip(), said[f"amount_{n}"]
            if not number and not amount:
                continue
            if not number or not amount:
                self.add_error(f"amount_{n}" if number else f"number_{n}", "Fill in both the account and its amount.")
                continue
            try:
                other = load_account(self.till.request, number, to="payments.take")
            except (Http404, Refused) as refused:
                self.add_error(f"number_{n}", str(refused))
                continue
            if other in found:
                self.add_error(f"number_{n}", f"Account {number} stands here already.")
            found[other] = amount
        return found

    def _too_little(self, said: dict[str, Any]) -> None:
        """Less cash than the amount: a part payment, if that is meant."""
        handed = said["handed_over"]
        if "part" in self.data and len(said["payments"]) == 1 and not self.splits:
            said |= {"payments": {self.till.account: handed}, "total": handed, "first": handed, "directed": {}}
            return
        self.add_error("handed_over", f"{handed} does not cover {said['first']}.")
        if len(said["payments"]) == 1 and not self.splits:
            self.offer = Offer("part", f"Take {handed} as a part payment")

    def _doubts(self, said: Mapping[str, Any]) -> Iterator[str]:
        """What may be a slip: more than is owed, or the same payment a second time."""
        owed, amount = self.till.owed.balance.current, said["amount"]
        if owed > ZERO and amount > owed:
            yield f"This is {amount - owed} more than the account owes. It will show as credit."
        same = (
            Tender.objects.filter(
                event__payments__account=self.till.account, event__received_on=self.till.on, kind=said["tender"],
                amount=said["first"], reference=said["reference"], event__reversal__isnull=True,
            ).select_related("event").order_by("-id").first()
        )  # fmt: skip
        if same:
            what = f"{same.amount} {same.get_kind_display().lower()} {same.reference}".strip()
            yield f"A payment of {what} was taken today at {clock(same.event.recorded_at)} ({same.event})."


def _answered(said: Mapping[str, Any]) -> bool:
    """This very form was posted already: its repeat gets the same receipt, and nothing is doubted."""
    return RequestKey.objects.filter(key=said["request_key"]).exists()
