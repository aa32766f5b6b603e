"""The dated figures that a policy can govern: what each is on a day, and how it becomes another from a day on.

A figure is changed through the operation of its own context, which checks it and keeps what held before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from lamplighter.accounts.models import Account
from lamplighter.billing.fees import Fees
from lamplighter.billing.operations.fees import set_fees
from lamplighter.billing.operations.policies import CannotSet, set_policy
from lamplighter.billing.queries.fees import fees_on
from lamplighter.billing.queries.policies import policy_on
from lamplighter.credit.law.policy import ShutOffPolicy
from lamplighter.credit.operations.depositing import set_deposit_terms
from lamplighter.credit.operations.matching import set_ageing
from lamplighter.credit.queries.deposits import deposit_terms
from lamplighter.credit.queries.openitems import Ageing, ageing_on
from lamplighter.credit.queries.standing import law
from lamplighter.credit.rules.arranging import PlanPolicy, check_plans
from lamplighter.credit.rules.bankruptcy import AssurancePolicy
from lamplighter.credit.rules.collecting import CollectionPolicy
from lamplighter.credit.rules.deposits import CannotSecure, PointsPolicy, Terms
from lamplighter.credit.rules.guaranteeing import GuaranteePolicy
from lamplighter.credit.rules.hardship import HardshipPolicy
from lamplighter.credit.rules.matching import CannotMatch
from lamplighter.credit.rules.pledging import PledgePolicy
from lamplighter.credit.rules.reconnecting import BackPolicy
from lamplighter.credit.rules.searching import SearchPolicy
from lamplighter.credit.rules.writingoff import WriteOffPolicy
from lamplighter.journeys.figures import Figure, Kind
from lamplighter.journeys.retaining import SERIES, terms_on
from lamplighter.journeys.starting import ServiceDaysPolicy, StartFeePolicy
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.kernel.policies import CannotSetPolicy, Policy
from lamplighter.payments.rules import ReturnedPolicy
from lamplighter.platform.access import PERMISSIONS, ROLES
from lamplighter.platform.models import ApprovalLimit
from lamplighter.platform.operations.limits import CannotLimit, set_limit
from lamplighter.platform.operations.policies import put_in_force
from lamplighter.platform.operations.retention import CannotRetain
from lamplighter.platform.operations.retention import set_terms as set_retention
from lamplighter.platform.queries.policies import policy_in_force
from lamplighter.programs.models import Program, ProgramTerms
from lamplighter.programs.operations.defining import CannotDefine, set_terms
from lamplighter.programs.rules.giving import GiftPolicy

REFUSALS = (CannotSet, CannotSetPolicy, CannotSecure, CannotLimit, CannotDefine, CannotRetain, CannotMatch)
"""What the operations of figures raise; each message is fit to be read aloud."""

LIMITED = ("adjustments.ask", "adjustments.approve", "billing.correct")
"""Permissions whose acts have an amount."""

AGEING, BILLING, FEES, LAW, RETENTION = "ageing", "billing", "fees", "law", "retention"
OWN: tuple[type[Policy], ...] = (
    ShutOffPolicy, CollectionPolicy, BackPolicy, PlanPolicy, HardshipPolicy, PledgePolicy, GiftPolicy, PointsPolicy,
    GuaranteePolicy, SearchPolicy, WriteOffPolicy, AssurancePolicy, ReturnedPolicy, ServiceDaysPolicy,
    StartFeePolicy,
)  # fmt: skip
"""What the utility decides itself of credit, gifts and service: figures that are declared where they are used."""
CLASSES: Mapping[str, str] = {
    str(key): str(label) for key, label in Account._meta.get_field("customer_class").flatchoices
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Figures that change together, from a day on. Without figures a policy may name it, and nothing is set by it."""

    key: str
    label: str
    figures: tuple[Figure, ...]
    values: Callable[[date], Mapping[str, Any]]
    put: Callable[..., object]

    def now(self, on: date) -> dict[str, str]:
        """What holds on a day, as text by the names of the figures; empty where nothing was set."""
        held = self.values(on)
        return {one.name: one.text(held[one.name]) if one.name in held else "" for one in self.figures}

    def differing(self, typed: Mapping[str, str], *, on: date) -> dict[str, str]:
        """Of what was typed, what differs from the figures of a day. Raises CannotRead."""
        now = self.now(on)
        read = {one.name: one.text(one.read(typed[one.name])) for one in self.figures if one.name in typed}
        return {name: said for name, said in read.items() if said != now[name]}

    def change(self, figures: Mapping[str, str], *, citation: str, on: date, by: Actor, at: datetime) -> None:
        """These figures from `on`; the others stay as they are on that day. Raises CannotRead and `REFUSALS`."""
        held = self.values(on)
        given = {one.name: one.read(figures[one.name]) for one in self.figures if one.name in figures}
        self.put(given={**held, **given}, citation=citation, on=on, by=by, at=at)

    def figure(self, name: str) -> Figure:
        return next(one for one in self.figures if one.name == name)


def parameters() -> dict[str, Parameter]:
    """Every parameter by its key, as people choose: billing, fees, credit, deposits, limits, programs, the law."""
    found = [
        _billing(),
        _fees(),
        _ageing(),
        *map(_own, OWN),
        *map(_deposits, CLASSES),
        *_limits(),
        *_programs(),
        _retention(),
        _law(),
    ]
    return {one.key: one for one in found}


def deposit_key(customer_class: str) -> str:
    return f"deposits:{customer_class}"


def limit_key(role: str, permission: str) -> str:
    return f"limit:{role}:{permission}"


def program_key(code: str) -> str:
    return f"program:{code}"


def role_of(key: str) -> str | None:
    """Whose limit a parameter is; None of what is no limit."""
    kind, _, rest = key.partition(":")
    return rest.partition(":")[0] if kind == "limit" else None


_M, _W, _P, _Y = Kind.MONEY, Kind.WHOLE, Kind.PERCENT, Kind.YES
_KINDS = {Money: _M, int: _W, Decimal: _P, bool: _Y, time: Kind.TIME}
_LATE = ("percent", "least", "grace", "minimum_debt")
_BACK = ("undercharge_months", "refund_months", "threshold")
_BUDGET = ("step", "off_by", "settle_days")
_BILLED = (
    Figure("due_days", "A bill is due after (days)", _W), Figure("percent", "Late charge (percent)", _P),
    Figure("least", "Late charge, at least", _M), Figure("grace", "Days of grace after the due day", _W),
    Figure("minimum_debt", "No late charge on less than", _M),
    Figure("undercharge_months", "Undercharge is billed back (months)", _W),
    Figure("refund_months", "Overcharge is refunded back (months)", _W),
    Figure("threshold", "No correction of less than", _M), Figure("step", "Budgets rounded up to whole", _M),
    Figure("off_by", "Budgets looked at when off by (percent)", _W),
    Figure("settle_days", "Budgets settled after (days)", _W),
)  # fmt: skip
_CHARGED = (
    Figure("meter_test", "Meter test, where the meter is right", _M), Figure("reconnect", "Reconnection", _M),
    Figure("after_hours", "Reconnection after hours, in addition", _M),
    Figure("returned", "Returned payment, the first in a year", _M),
    Figure("returned_again", "Returned payment, each later one", _M),
)  # fmt: skip
_SECURED = (
    Figure("months", "Average bills", _W), Figure("least", "At least", _M), Figure("most", "At most", _M),
    Figure("points_from", "Asked from credit points", _W), Figure("known_months", "Known after (months)", _W),
    Figure("score_from", "A bureau's score that asks for none", _W, "no bureau is asked"),
    Figure("parts", "In at most so many parts", _W), Figure("good_bills", "Goes back after good bills", _W),
    Figure("grace_days", "Days of grace", _W), Figure("interest_percent", "Interest (percent a year)", _P),
    Figure("tolerance_percent", "Too small by more than (percent)", _W),
)  # fmt: skip
_GRANTED = (
    Figure("income_percent", "Income, percent of the guideline", _W, "income does not count"),
    Figure("months", "Lasts (months)", _W), Figure("fixed_months", "Lasts on a fixed income (months)", _W),
    Figure("papers_days", "Days to send papers", _W),
)  # fmt: skip


def _billing() -> Parameter:
    return Parameter(BILLING, "Rules of billing", _BILLED, _billed, _bill_by)


def _billed(on: date) -> dict[str, Any]:
    held = policy_on(on)
    parts = ((held.late, _LATE), (held.back, _BACK), (held.budget, _BUDGET))
    return {"due_days": held.due_days} | {name: getattr(part, name) for part, names in parts for name in names}


def _bill_by(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
    held = policy_on(on)
    policy = replace(
        held, due_days=given["due_days"], late=replace(held.late, **_some(given, _LATE)),
        back=replace(held.back, **_some(given, _BACK)), budget=replace(held.budget, **_some(given, _BUDGET)),
    )  # fmt: skip
    return set_policy(policy=policy, citation=citation, on=on, by=by, at=at)


def _some(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: given[name] for name in names}


def _fees() -> Parameter:
    return Parameter(FEES, "Fees", _CHARGED, _charged, _charge_by)


def _charged(on: date) -> dict[str, Any]:
    held = fees_on(on)
    return {one.name: getattr(held, one.name) for one in _CHARGED}


def _charge_by(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
    return set_fees(fees=Fees(**given, citation=citation), on=on, by=by, at=at)


def _ageing() -> Parameter:
    by_class = [Figure(key, f"Aged by open items: {label}", _Y) for key, label in CLASSES.items()]
    deduct = Figure("deduct", "Credit that pays no bill yet counts against what is overdue", _Y)
    return Parameter(AGEING, "Ageing of debts", (*by_class, deduct), _aged, _age_by)


def _aged(on: date) -> dict[str, Any]:
    held = ageing_on(on)
    return {key: key in held.open_classes for key in CLASSES} | {"deduct": held.deduct}


def _age_by(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
    ageing = Ageing(frozenset(key for key in CLASSES if given[key]), given["deduct"], citation)
    return set_ageing(ageing=ageing, on=on, by=by, at=at)


def _own(kind: type[Policy]) -> Parameter:
    """Figures by their own declaration."""
    figures = tuple(Figure(one.name, one.metadata["label"], _KINDS[type(one.default)]) for one in kind.figures())

    def held(on: date) -> dict[str, Any]:
        policy = policy_in_force(kind, on=on)
        return {one.name: getattr(policy, one.name) for one in figures}

    def put(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
        policy = kind(**given, citation=citation)
        if isinstance(policy, PlanPolicy):
            check_plans(policy, law(on=on))
        return put_in_force(policy=policy, on=on, by=by, at=at)

    return Parameter(kind.key, kind.title, figures, held, put)


def _deposits(customer_class: str) -> Parameter:
    def held(on: date) -> dict[str, Any]:
        terms = deposit_terms(customer_class, on=on)
        return {one.name: getattr(terms, one.name) for one in fields(Terms)}

    def put(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
        terms = Terms(**{**given, "citation": citation})
        return set_deposit_terms(customer_class=customer_class, terms=terms, on=on, by=by, at=at)

    return Parameter(deposit_key(customer_class), f"Deposits: {CLASSES[customer_class]}", _SECURED, held, put)


def _limits() -> list[Parameter]:
    figure = (Figure("amount", "Up to", Kind.MONEY),)
    return [
        Parameter(limit_key(role.name, permission), f"Limit: {role.label}: {PERMISSIONS[permission]}", figure,
                  partial(_limit, role.name, permission), partial(_limit_to, role.name, permission))
        for role in ROLES.values() for permission in LIMITED if permission in role.permissions
    ]  # fmt: skip


def _limit(role: str, permission: str, on: date) -> dict[str, Any]:
    row = ApprovalLimit.objects.filter(role=role, permission=permission, period__contains=on).first()
    return {"amount": row.amount} if row else {}


def _limit_to(
    role: str, permission: str, *, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime
) -> object:  # the resolution stands with the policy that set the limit
    del citation
    return set_limit(role=role, permission=permission, amount=given["amount"], on=on, by=by, at=at)


def _programs() -> list[Parameter]:
    return [
        Parameter(program_key(one.code), f"Program: {one.name}", _GRANTED, partial(_granted, one.code),
                  partial(_grant_by, one))
        for one in Program.objects.filter(terms__isnull=False).distinct().order_by("name")
    ]  # fmt: skip


def _terms(program: str, on: date) -> ProgramTerms | None:
    return ProgramTerms.objects.filter(program=program, period__contains=on).first()


def _granted(program: str, on: date) -> dict[str, Any]:
    row = _terms(program, on)
    return {one.name: getattr(row, one.name) for one in _GRANTED} if row else {}


def _grant_by(
    program: Program, *, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime
) -> object:
    row = _terms(program.code, on)
    if row is None:
        raise CannotDefine(f"{program.name} has no terms on {on:%b %-d, %Y} that could be changed.")
    terms = replace(row.terms, citation=citation, **_some(given, [one.name for one in _GRANTED]))
    return set_terms(program=program, terms=terms, on=on, by=by, at=at)


def _retention() -> Parameter:
    figures = tuple(Figure(one.name, f"{one.label} (years)", _W, "for ever") for one in SERIES)
    return Parameter(RETENTION, "Retention of records", figures, _retained, _retain)


def _retained(on: date) -> dict[str, Any]:
    terms = terms_on(on)
    return {one.name: getattr(terms, one.name, None) for one in SERIES}


def _retain(*, given: Mapping[str, Any], citation: str, on: date, by: Actor, at: datetime) -> object:
    return set_retention(years=given, citation=citation, on=on, by=by, at=at)


def _law() -> Parameter:
    """Rule packs come with the program, each with its statutes: a policy names them and sets none of them."""
    return Parameter(LAW, "Shut-off and reconnection rules", (), lambda _: {}, lambda **_: None)
