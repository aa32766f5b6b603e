"""A utility begins: its books, its letters, its bank, who taxes, where money comes in, its cycles, its first login."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model

from lamplighter.accounts.models import Cycle
from lamplighter.accounts.operations import define_cycle
from lamplighter.formats.conversion.utility import Administrator, Utility
from lamplighter.kernel.actors import Actor
from lamplighter.ledger.chart import chart
from lamplighter.ledger.models import Code
from lamplighter.ledger.operations import define_codes
from lamplighter.notices.models import Sender
from lamplighter.notices.operations import load_starter_templates, set_sender
from lamplighter.payments.models import BankAccount, TenderSource
from lamplighter.payments.operations import define_source
from lamplighter.payments.operations.banks import set_bank_account
from lamplighter.platform.models import User
from lamplighter.platform.operations.users import add_user, grant_role, invite
from lamplighter.platform.transactions import in_transaction
from lamplighter.premises.models import Jurisdiction
from lamplighter.premises.operations import define_jurisdiction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Founded:
    """What is new, in words; `administrator` if their login was added, who waits for a first password."""

    added: tuple[str, ...]
    administrator: User | None


@in_transaction
def found(*, utility: Utility, by: Actor, at: datetime, demo_town: bool = False) -> Founded:
    """Add what is not there yet; what is there stays as it is, and is changed at its pages.

    The chart of accounts is the program's own (`ledger.chart`), the letters its starter templates, as drafts.
    Raises CannotRecord and the like for a bank account or login that cannot be.
    """
    added = [f"{words}: {count}" for count, words in _books(utility, by=by, at=at, demo_town=demo_town) if count]
    administrator = _let_in(utility.administrator, by=by, at=at) if utility.administrator else None
    return Founded(tuple(added), administrator)


def _books(utility: Utility, *, by: Actor, at: datetime, demo_town: bool) -> Iterator[tuple[int, str]]:
    codes = _missing(Code, "key", {code.key: code for code in chart()})
    define_codes(codes)
    yield len(codes), "codes of the general ledger"
    if not Sender.objects.exists():
        set_sender(
            utility=utility.name, phone=utility.phone, website=utility.website, office=utility.office,
            email=utility.email, by=by, at=at,
        )  # fmt: skip
        yield 1, "senders of letters"
    yield len(load_starter_templates(by=by, at=at, demo_town=demo_town)), "templates of letters, as drafts"
    if utility.bank and not BankAccount.objects.exists():
        set_bank_account(**utility.bank.model_dump(), by=by, at=at)
        yield 1, "bank accounts"
    jurisdictions = _missing(Jurisdiction, "key", {one.key: one for one in utility.jurisdiction})
    for city in jurisdictions:
        define_jurisdiction(key=city.key, name=city.name)
    yield len(jurisdictions), "jurisdictions"
    sources = _missing(TenderSource, "key", {one.key: one for one in utility.source})
    for source in sources:
        define_source(
            key=source.key, name=source.name, kind=source.kind, opening_float=source.opening_float,
            gl_code=source.gl_code,
        )  # fmt: skip
    yield len(sources), "tender sources"
    cycles = _missing(Cycle, "code", {one.code: one for one in utility.cycle})
    for cycle in cycles:
        define_cycle(code=cycle.code, name=cycle.name, by=by, at=at)
    yield len(cycles), "cycles"


def _missing(model: type[Model], name: str, wanted: Mapping[str, T]) -> list[T]:
    """Those of the wanted whose key no row has."""
    there = set(model._default_manager.filter(**{f"{name}__in": list(wanted)}).values_list(name, flat=True))
    return [one for key, one in wanted.items() if key not in there]


def _let_in(first: Administrator, *, by: Actor, at: datetime) -> User | None:
    if User.objects.filter(username__iexact=first.login).exists():
        return None
    user = add_user(
        username=first.login, name=first.name, kind=User.Kind.STAFF, title="Administrator", email=first.email, by=by,
        at=at,
    )  # fmt: skip
    on = at.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date()
    grant_role(user=user, role="administrator", on=on, by=by, at=at)
    invite(user=user, by=by, at=at)
    return user
