"""What stands on codes that belong to departments of the city: owed until it is settled by journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, Sum

from lamplighter.kernel.money import ZERO, Money, total
from lamplighter.ledger.models import Code, DepartmentCode, Posting, Settlement, SettlementLine

KIND = "settlement"
BACK = f"{KIND}-reversal"
POOL = "city-pool"
"""The utility's share in the city's pooled cash, which journals move."""


@dataclass(frozen=True, slots=True)
class Due:
    """Of one code: what was not settled before the period, what came to be owed in it and what went back."""

    code: Code
    theirs: str
    before: Money
    came: Money
    went: Money

    @property
    def amount(self) -> Money:
        """Owed to the department; below zero it owes us."""
        return self.before + self.came - self.went


@dataclass(frozen=True, slots=True)
class Statement:
    """What a department is owed up to a day, code by code; the period begins after what was settled last."""

    department: str
    since: date | None
    through: date
    lines: tuple[Due, ...]

    @property
    def amount(self) -> Money:
        return total(line.amount for line in self.lines)


def departments_on(day: date) -> dict[str, DepartmentCode]:
    """By code, whose it is on a day; one query."""
    rows = DepartmentCode.objects.filter(starts_on__lte=day).order_by("starts_on", "id").select_related("code")
    held = {row.code_id: row for row in rows}
    return {code: row for code, row in held.items() if row.department}


def settled_through(department: str) -> date | None:
    """The last day that is settled and was not taken back."""
    rows = Settlement.objects.filter(department=department, reverses=None, reversed_by=None)
    found: date | None = rows.aggregate(last=Max("through"))["last"]
    return found


def statement(department: str, *, through: date) -> Statement:
    """What would be settled. Bookings of a period that was settled already are owed with the next one."""
    held = [row for row in departments_on(through).values() if row.department == department]
    since = settled_through(department)
    rows = _unsettled_sums([row.code_id for row in held], since=since, through=through)
    lines = [
        Due(row.code, row.theirs, *rows.get(row.code_id, (ZERO, ZERO, ZERO)))
        for row in sorted(held, key=lambda one: one.code.number)
    ]
    return Statement(department, since, through, tuple(lines))


def unsettled_astray() -> list[str]:
    """Codes of departments that stand at something else than what came less what was settled; and journals that moved
    something else than their statement says."""
    codes = set(DepartmentCode.objects.values_list("code", flat=True))
    codes |= set(SettlementLine.objects.values_list("code", flat=True))
    moved = dict(
        Posting.objects.filter(entry__kind__in=(KIND, BACK)).values("code").annotate(sum=Sum("payoff"))
        .values_list("code", "sum")
    )  # fmt: skip
    said = dict(SettlementLine.objects.values("code").annotate(sum=Sum("amount")).values_list("code", "sum"))
    pool = Settlement.objects.aggregate(sum=Sum("amount"))["sum"] or ZERO
    wrong = [
        f"{code}: journals settled {moved.get(code, ZERO)}, their statements say {said.get(code, ZERO)}"
        for code in sorted(codes | (set(moved) - {POOL}))
        if moved.get(code, ZERO) != said.get(code, ZERO)
    ]
    if moved.get(POOL, ZERO) != -pool:
        wrong.append(f"{POOL}: journals moved {moved.get(POOL, ZERO)}, their statements say {-pool}")
    return wrong


def unsettled(day: date) -> dict[str, Money]:
    """By department, what is owed to it (below zero: by it) of everything up to a day."""
    held = departments_on(day)
    sums = _unsettled_sums(list(held), since=None, through=day)
    found = {row.department: ZERO for row in held.values()}
    for code, (before, came, went) in sums.items():
        found[held[code].department] += before + came - went
    return found


def _unsettled_sums(
    codes: Iterable[str], *, since: date | None, through: date
) -> dict[str, tuple[Money, Money, Money]]:  # fmt: skip
    """By code: before the period, came and went in it. A settled code is credited with what its statements say."""
    keys = list(codes)
    inside = Q(entry__accounting_on__gt=since) if since else Q()
    early = Q(entry__accounting_on__lte=since) if since else Q(pk__in=[])
    rows = Posting.objects.filter(code__in=keys, entry__accounting_on__lte=through).exclude(
        entry__kind__in=(KIND, BACK)
    ).values("code").annotate(
        early=Sum("payoff", filter=early), came=Sum("payoff", filter=inside & Q(payoff__lt=0)),
        went=Sum("payoff", filter=inside & Q(payoff__gt=0)),
    )  # fmt: skip
    done = dict(
        SettlementLine.objects.filter(code__in=keys).values("code").annotate(sum=Sum("amount"))
        .values_list("code", "sum")
    )  # fmt: skip
    found = {key: (-(done.get(key) or ZERO), ZERO, ZERO) for key in keys}
    for row in rows:
        before = -(row["early"] or ZERO) - (done.get(row["code"]) or ZERO)
        found[row["code"]] = (before, -(row["came"] or ZERO), row["went"] or ZERO)
    return found
