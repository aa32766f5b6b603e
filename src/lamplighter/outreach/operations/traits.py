"""Note what is known of customers' sites, one by one or from a list; and who wants no offers."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from lamplighter.accounts.models import Account
from lamplighter.customers.models import Person
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.periods import Period
from lamplighter.outreach.models import OptOut, TakenList, Trait
from lamplighter.outreach.operations.lists import Unused, keep_list
from lamplighter.outreach.rules.segments import NAICS, CannotReach
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import in_transaction

COLUMNS = ("account", "kind", "value")
MOST_LINES = 20_000
LARGEST = 20_000_000
"""Square feet of the largest buildings that there are."""


@in_transaction
def note_trait(
    *, account: Account, kind: str, value: str, source: str, on: date, by: Actor, at: datetime
) -> Trait | None:
    """From `on` this holds of the account's site; what held before ends there. None where it was known already.

    Raises CannotReach: a business code that is none, something that nothing runs on, no source.
    """
    value = checked(kind, value)
    if not source.strip():
        raise CannotReach("Say where it is known from: a visit, a call, the tax list.")
    Account.objects.select_for_update().get(pk=account.pk)
    last = Trait.objects.filter(account=account, kind=kind, period__endswith__isnull=True).first()
    if last is not None and last.value == value:
        return None
    if last is not None and last.period.start > on:
        raise CannotReach(f"Since {last.period.start:%b %-d, %Y} something newer is known.")
    if last is not None and last.period.start == on:
        last.delete()
    elif last is not None:
        Trait.objects.filter(pk=last.pk).update(period=Period(last.period.start, on))
    made = Trait.objects.create(account=account, kind=kind, value=value, source=source.strip()[:60], period=Period(on),
                                noted_by=by)  # fmt: skip
    record("outreach.trait.noted", subject=account.subject, account=account.pk, by=by, at=at, kind=kind, value=value)
    return made


@in_transaction
def take_traits(*, text: str, source: str, on: date, by: Actor, at: datetime) -> TakenList:
    """A list with the columns account, kind and value: good lines are noted, the others kept with their reason.

    Raises CannotReach for something that is no such list.
    """
    heads, lines = _lines(text)
    if missing := [name for name in COLUMNS if name not in heads]:
        raise CannotReach(f"The list has no column {', '.join(missing)}. Its first line names account, kind, value.")
    if len(lines) > MOST_LINES:
        raise CannotReach(f"{len(lines):,} lines are too many at once; send {MOST_LINES:,} at most.")
    accounts = {one.number: one for one in Account.objects.filter(number__in={row[0] for _, row in lines})}
    noted, known, unused = 0, 0, []
    for number, (account, kind, value) in lines:
        try:
            if account not in accounts:
                raise CannotReach(f"There is no account “{account}”.")
            told = note_trait(account=accounts[account], kind=kind.lower(), value=value, source=source, on=on, by=by,
                              at=at)  # fmt: skip
        except CannotReach as why:
            unused.append(Unused(number, ", ".join((account, kind, value)), str(why)))
            continue
        noted, known = (noted + 1, known) if told else (noted, known + 1)
    return keep_list(noted=noted, known=known, unused=unused, by=by, at=at)


def _lines(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heads of a list, and of each numbered line what stands under our columns. Raises CannotReach."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=None))
    try:
        heads = [name.strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = heads
        return heads, [
            (number, [str(row.get(name) or "").strip() for name in COLUMNS])
            for number, row in enumerate(reader, start=2)
        ]
    except csv.Error as wrong:
        raise CannotReach(f"This is no list of lines with commas: {wrong}.") from wrong


def checked(kind: str, value: str) -> str:
    """A trait's value as it is kept. Raises CannotReach."""
    value = value.strip().lower()
    if kind not in Trait.Kind.values:
        raise CannotReach(f"“{kind}” is no trait; give {', '.join(Trait.Kind.values)}.")
    if kind == Trait.Kind.BUSINESS:
        if not (NAICS.fullmatch(value) and len(value) == 6):
            raise CannotReach(f"“{value}” is no business code: NAICS has six digits, such as 722511.")
    elif kind == Trait.Kind.AREA:
        value = value.replace(",", "").removesuffix("sq ft").strip()
        if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= LARGEST):
            raise CannotReach(f"“{value}” is no floor area: give whole square feet, such as 12000.")
        value = str(int(value))
    elif value not in (options := Trait.options(kind).values):
        raise CannotReach(f"{kind}: “{value}”? Give {', '.join(options)}.")
    return value


@in_transaction
def opt_out(*, person: Person, how: str, on: date, by: Actor, at: datetime) -> OptOut:
    """From now on no offer and no survey goes to them. Said again it changes nothing."""
    Person.objects.select_for_update().get(pk=person.pk)
    running = OptOut.objects.filter(person=person, period__endswith__isnull=True).first()
    if running is not None:
        return running
    made = OptOut.objects.create(person=person, how=how, period=Period(on), stated_by=by)
    record("outreach.person.opted_out", subject=f"person:{person.number}", by=by, at=at, reason=how)
    return made


@in_transaction
def opt_in(*, person: Person, on: date, by: Actor, at: datetime) -> None:
    """They want to hear of offers again."""
    held = OptOut.objects.select_for_update().filter(person=person, period__endswith__isnull=True).first()
    if held is None:
        raise CannotReach(f"{person.name} gets offers.")
    if held.period.start == on:
        held.delete()
    else:
        OptOut.objects.filter(pk=held.pk).update(period=Period(held.period.start, on))
    record("outreach.person.opted_in", subject=f"person:{person.number}", by=by, at=at)
