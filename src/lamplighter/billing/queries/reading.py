"""Issued bills as people read them: one frozen value for the page, the PDF and the explanation, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import TypeVar

from django.conf import settings
from django.db.models import Model

from lamplighter.accounts.models import AccountRole, Agreement
from lamplighter.billing import scanline
from lamplighter.billing.models import Adjustment, Bill, Segment
from lamplighter.billing.queries.comparison_choosing import comparisons
from lamplighter.billing.queries.reading_items import items_of
from lamplighter.billing.queries.reading_lines import lines_of
from lamplighter.billing.queries.reading_messages import messages, told_by_others
from lamplighter.billing.queries.reading_true_up import true_up_of
from lamplighter.billing.queries.reading_use import uses
from lamplighter.billing.queries.reading_view import (
    AdjustmentView,
    Amounts,
    BillView,
    ComparisonView,
    Message,
    OpenItems,
    SegmentView,
    UseView,
    UtilityView,
)  # fmt: skip
from lamplighter.customers.models import MailingAddress, Person
from lamplighter.kernel.money import ZERO, total
from lamplighter.notices.models import Sender
from lamplighter.premises.models import Premise
from lamplighter.tariffs.models import Schedule
from lamplighter.usage.queries.points import points_of
from lamplighter.usage.store import utility_zone


def view(bill: Bill) -> BillView:
    return views([bill.pk])[0]


def views(bills: Sequence[int]) -> list[BillView]:
    """Bills by their ids, in the order asked. Queries do not grow with their number."""
    found = Bill.objects.select_related("account").in_bulk(list(bills))
    known = _known([found[pk] for pk in dict.fromkeys(bills)])
    made = {pk: _view(bill, known) for pk, bill in found.items()}
    return [made[pk] for pk in bills]


def addresses(bills: Sequence[Bill], *, on: date | None = None) -> dict[int, tuple[str, ...]]:
    """By bill, the lines of the envelope, name first: where it went on the day of issue, or goes on another. Three
    queries, and a fourth where some have no service."""
    people = _people(bills)
    mailing = _mailing(bills, people, on)
    rows = Segment.objects.filter(bill__in=bills, agreement__premise__isnull=False).select_related("agreement__premise")
    homes = {row.bill_id: _lines(row.agreement.premise) for row in rows.order_by("-id")}
    homes |= _last_homes([bill for bill in bills if bill.pk not in homes])
    return {bill.pk: (people[bill.pk].name, *(mailing.get(bill.pk) or homes.get(bill.pk, ()))) for bill in bills}


def _last_homes(bills: Sequence[Bill]) -> dict[int, tuple[str, ...]]:
    """Where who gets a bill without service, such as an invoice, last had service up to the day of issue."""
    if not bills:
        return {}
    rows = Agreement.objects.filter(
        account__in={bill.account_id for bill in bills}, premise__isnull=False, cancelled_at__isnull=True
    ).select_related("premise").order_by("period")  # fmt: skip
    agreements = _grouped(rows, "account_id")
    return {
        bill.pk: _lines(one.premise)
        for bill in bills
        for one in agreements.get(bill.account_id, ())
        if one.period.start <= bill.issued_on
    }


def _lines(premise: Premise | None) -> tuple[str, ...]:
    return tuple(premise.label.splitlines()) if premise else ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all bills that are read together, asked once."""

    utility: UtilityView
    people: Mapping[int, Person]  # by bill
    mailing: Mapping[int, tuple[str, ...]]  # by bill, where the person has an address of their own or it no service
    segments: Mapping[int, Sequence[Segment]]  # by bill
    replaces: Mapping[int, str]  # by segment, the bill's number
    replaced_by: Mapping[int, str]
    names: Mapping[str, str]  # of schedules
    use: Mapping[int, UseView]  # by segment
    adjustments: Mapping[int, Sequence[AdjustmentView]]  # by bill
    comparisons: Mapping[int, ComparisonView]  # by bill
    told: Mapping[int, Sequence[Message]]  # by bill, from above billing
    items: Mapping[int, OpenItems]  # by bill, likewise


def _known(bills: Sequence[Bill]) -> _Known:
    rows = Segment.objects.filter(bill__in=bills).select_related("agreement__premise").order_by("id")
    segments = _grouped(rows, "bill_id")
    for bill in bills:
        for segment in segments.get(bill.pk, ()):
            segment.bill = bill
    every = [segment for several in segments.values() for segment in several]
    agreements = {segment.agreement_id for segment in every}
    points = points_of(agreements)
    people = _people(bills)
    replaces, replaced_by = _others(every)
    return _Known(
        utility=_utility(),
        people=people,
        mailing=_last_homes([bill for bill in bills if bill.pk not in segments]) | _mailing(bills, people),
        segments=segments,
        replaces=replaces,
        replaced_by=replaced_by,
        names=dict(Schedule.objects.filter(pk__in={s.schedule for s in every}).values_list("pk", "name")),
        use=uses(every, points),
        adjustments=_adjustments(bills, segments),
        comparisons=comparisons(bills, segments, points),
        told=told_by_others(bills),
        items=items_of(bills),
    )


def _others(segments: Sequence[Segment]) -> tuple[dict[int, str], dict[int, str]]:
    """By segment, the numbers of the bills that it replaces, and that replace it. Few do: joined to each segment, three
    more bills and two segments would be read with it."""
    before = {segment.rebills_id: segment.pk for segment in segments if segment.rebills_id}
    replaced = Segment.objects.filter(pk__in=before).values_list("pk", "bill__number") if before else ()
    after = Segment.objects.filter(rebills__in={segment.pk for segment in segments})
    return {before[pk]: number for pk, number in replaced}, dict(after.values_list("rebills_id", "bill__number"))


def _view(bill: Bill, known: _Known) -> BillView:
    segments = tuple(_segment(row, known) for row in known.segments.get(bill.pk, ()))
    person = known.people[bill.pk]
    premise = next((row.agreement.premise for row in known.segments.get(bill.pk, ()) if row.agreement.premise), None)
    home = _lines(premise)
    comparison = known.comparisons.get(bill.pk)
    return BillView(
        id=bill.pk,
        number=bill.number,
        kind=bill.get_kind_display(),
        utility=known.utility,
        account=bill.account.number,
        customer=person.name,
        mailing=known.mailing.get(bill.pk, home),
        language=person.language,
        issued_on=bill.issued_on,
        issued_at=bill.issued_at,
        due_on=bill.due_on,
        amounts=Amounts(bill.previous, bill.received, bill.corrected, bill.charges, bill.due),
        segments=segments,
        adjustments=tuple(known.adjustments.get(bill.pk, ())),
        comparison=comparison,
        messages=(*messages(bill, segments, comparison, listed=bill.pk in known.items), *known.told.get(bill.pk, ())),
        scan_line=_scan_line(bill),
        open_items=known.items.get(bill.pk),
    )


def _segment(row: Segment, known: _Known) -> SegmentView:
    premise = row.agreement.premise
    base = [one["code"] for one in row.statement.get("tariffs", ()) if not one["rider"]]
    riders = [one["code"] for one in row.statement.get("tariffs", ()) if one["rider"]]
    return SegmentView(
        id=row.pk,
        schedule=" + ".join(dict.fromkeys((*base, *riders))) or row.schedule,
        schedule_name=known.names.get(row.schedule, ""),
        service=_lines(premise),
        period=row.period,
        kind=row.get_kind_display(),
        lines=lines_of(row.statement),
        total=row.total,
        kwh=row.kwh,
        estimated=row.estimated,
        estimated_kwh=_of_usage(row, "estimated_kwh"),
        band_kwh=_of_usage(row, "band_kwh"),
        use=known.use[row.pk],
        new_prices_on=_new_prices_on(row),
        replaces=known.replaces.get(row.pk, ""),
        replaced_by=known.replaced_by.get(row.pk, ""),
        cancelled_on=row.cancelled_at.astimezone(utility_zone()).date() if row.cancelled_at else None,
        true_up=true_up_of(row.statement),
    )


def _of_usage(row: Segment, name: str) -> Decimal:
    """Nothing where the statement does not tell: a converted bill, or none of it estimated."""
    return Decimal(row.statement.get("usage", {}).get(name, "0"))


def _new_prices_on(row: Segment) -> date | None:
    """The first day of a later version of the schedule that begins inside the segment."""
    starts = [date.fromisoformat(one["period"][0]) for one in row.statement.get("tariffs", ()) if not one["rider"]]
    return next((day for day in sorted(starts) if day in row.period and day != row.period.start), None)


def _utility() -> UtilityView:
    sender = Sender.objects.first()
    if sender is None:
        return UtilityView(settings.UTILITY_NAME)
    return UtilityView(sender.utility, sender.phone, sender.website, sender.office, sender.email)


def _people(bills: Sequence[Bill]) -> dict[int, Person]:
    """The customer of each bill's account on the day of issue."""
    main = AccountRole.objects.filter(account__in={bill.account_id for bill in bills}, role=AccountRole.Role.MAIN)
    roles = _grouped(main.select_related("person").order_by("period"), "account_id")
    return {
        bill.pk: next(
            (r for r in roles[bill.account_id] if bill.issued_on in r.period), roles[bill.account_id][-1]
        ).person
        for bill in bills
    }


def _mailing(bills: Sequence[Bill], people: Mapping[int, Person], on: date | None = None) -> dict[int, tuple[str, ...]]:
    """Where letters to each customer went on the day of issue (or `on`): the address that began last."""
    rows = MailingAddress.objects.filter(person__in={person.pk for person in people.values()}).order_by("period")
    addresses = _grouped(rows, "person_id")
    return {
        bill.pk: tuple(address.lines.splitlines())
        for bill in bills
        for address in addresses.get(people[bill.pk].pk, ())
        if (on or bill.issued_on) in address.period
    }


def _adjustments(bills: Sequence[Bill], segments: Mapping[int, Sequence[Segment]]) -> dict[int, list[AdjustmentView]]:
    """What was charged beside the rate since the bill before. A rest that no single adjustment explains is told as
    such, so that the bill always adds up."""
    accounts = {bill.account_id for bill in bills}
    since = _marks_before(accounts)
    rows = _grouped(
        Adjustment.objects.filter(agreement__account__in=accounts).select_related("agreement").order_by("entry_id"),
        "agreement.account_id",
    )
    found = {}
    for bill in bills:
        mine = [
            AdjustmentView(row.label, row.effective_on, row.amount)
            for row in rows.get(bill.account_id, ())
            if since[bill.pk] < row.entry_id <= bill.mark
        ]
        beside = bill.charges - total(segment.total for segment in segments.get(bill.pk, ()))
        rest = beside - total(one.amount for one in mine)
        found[bill.pk] = [*mine, *([AdjustmentView("Other charges and credits", None, rest)] if rest else [])]
    return found


def _marks_before(accounts: Iterable[int]) -> dict[int, int]:
    """Up to which ledger entry the bill before each bill of these accounts knew."""
    rows = Bill.objects.filter(account__in=accounts).order_by("account", "id").values_list("account", "id", "mark")
    before = {}
    for (account, _, mark), (next_account, bill, _) in pairwise([(0, 0, 0), *rows]):
        before[bill] = mark if account == next_account else 0
    return before


def _scan_line(bill: Bill) -> str:
    """Empty where the account's number is not one of ours, such as a converted one: the stub then has no line."""
    try:
        amount = max(bill.due, ZERO)
        return scanline.make(scanline.ScanLine(bill.account.number, amount, bill.due_on))
    except scanline.CannotScan:
        return ""


Row = TypeVar("Row", bound=Model)


def _grouped(rows: Iterable[Row], by: str) -> dict[int, list[Row]]:
    key = attrgetter(by)
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
