"""Service, debts and bills of another system's accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lamplighter.accounts.models import Account, Agreement
from lamplighter.accounts.operations import AgreementIn, start_agreements
from lamplighter.accounts.types import AgreementKind
from lamplighter.billing.models import Bill
from lamplighter.billing.operations.converting import (
    ConvertedBill,
    HeldDeposit,
    Opening,
    OpeningDebt,
    bring_bills,
    bring_deposits,
    bring_forward,
)
from lamplighter.formats.conversion.tables import BillRow, DebtRow, DepositRow, ServiceRow
from lamplighter.journeys.conversion.places import points_by_old_key
from lamplighter.journeys.conversion.taking import Cutover, Unit
from lamplighter.journeys.moving import start_services
from lamplighter.kernel.money import ZERO
from lamplighter.platform.operations.legacy import keep_legacy_keys
from lamplighter.platform.queries.legacy import legacy_rows
from lamplighter.premises.models import ServicePoint
from lamplighter.tariffs.models import Schedule


class Services:
    """Agreements on rates that are in the rate book, from the day up to which the other system billed."""

    table = "services"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[ServiceRow]], cutover: Cutover) -> list[AgreementIn | str]:
        points = points_by_old_key({point for one in units for point in one.row.points})
        accounts = accounts_by_old_number({one.row.account for one in units})
        rates = {schedule.code: schedule for schedule in Schedule.objects.all()}
        return [_agreement(one.row, accounts, points, rates, cutover) for one in units]

    def write(self, units: Sequence[Unit[ServiceRow]], inputs: Sequence[AgreementIn], cutover: Cutover) -> None:
        started = start_services(agreements=inputs, by=cutover.by, at=cutover.at)
        rows = {unit.key: agreement.pk for unit, agreement in zip(units, started, strict=True)}
        keep_legacy_keys(kind=self.table, rows=rows)


class Debts:
    """All debts of an account as one entry: on its first service, or as an invoice where it has none any more."""

    table = "debts"
    together = True

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[DebtRow]], cutover: Cutover) -> list[Account | str]:
        accounts = accounts_by_old_number({one.key for one in units})
        return [_debtor(one, accounts, cutover) for one in units]

    def write(self, units: Sequence[Unit[DebtRow]], inputs: Sequence[Account], cutover: Cutover) -> None:
        bearing = _bearing(inputs, cutover)
        openings = [
            Opening(bearing[one.pk], tuple(OpeningDebt(row.owed_on, row.amount, row.component) for row in unit.rows))
            for unit, one in zip(units, inputs, strict=True)
        ]
        bring_forward(openings=openings, on=cutover.on, by=cutover.by, at=cutover.at)
        rows = {unit.key: one.agreement.pk for unit, one in zip(units, openings, strict=True)}
        keep_legacy_keys(kind=self.table, rows=rows)


class Deposits:
    """Deposits that the other system held, one for an account."""

    table = "deposits"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[DepositRow]], cutover: Cutover) -> list[HeldDeposit | str]:
        accounts = accounts_by_old_number({one.key for one in units})
        return [_deposit(one.row, accounts, cutover) for one in units]

    def write(self, units: Sequence[Unit[DepositRow]], inputs: Sequence[HeldDeposit], cutover: Cutover) -> None:
        made = bring_deposits(deposits=inputs, on=cutover.on, by=cutover.by, at=cutover.at)
        keep_legacy_keys(kind=self.table, rows={unit.key: row.pk for unit, row in zip(units, made, strict=True)})


class Bills:
    """Under their own numbers, behind a C."""

    table = "bills"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        numbers = Bill.objects.filter(number__in=[f"C-{key}" for key in keys]).values_list("number", flat=True)
        return {number.removeprefix("C-") for number in numbers}

    def prepare(self, units: Sequence[Unit[BillRow]], _cutover: Cutover) -> list[Account | str]:
        accounts = accounts_by_old_number({one.row.account for one in units})
        return [accounts.get(one.row.account, f"There is no account “{one.row.account}”.") for one in units]

    def write(self, units: Sequence[Unit[BillRow]], inputs: Sequence[Account], cutover: Cutover) -> None:
        rows = [unit.row for unit in units]
        bills = [
            ConvertedBill(account, row.number, row.issued_on, row.due_on, row.previous, row.charges, row.due)
            for row, account in zip(rows, inputs, strict=True)
        ]
        bring_bills(bills=bills, by=cutover.by, at=cutover.at)


def accounts_by_old_number(numbers: Collection[str]) -> dict[str, Account]:
    return {account.old_number: account for account in Account.objects.filter(old_number__in=numbers)}


def _debtor(unit: Unit[DebtRow], accounts: dict[str, Account], cutover: Cutover) -> Account | str:
    if later := next((row.owed_on for row in unit.rows if row.owed_on > cutover.on), None):
        return f"What is owed from {later} on is no debt yet on {cutover.on}."
    return accounts.get(unit.key, f"There is no account “{unit.key}”.")


def _deposit(row: DepositRow, accounts: dict[str, Account], cutover: Cutover) -> HeldDeposit | str:
    if row.account not in accounts:
        return f"There is no account “{row.account}”."
    if row.paid_on > cutover.on:
        return f"A deposit that is paid on {row.paid_on} is not held yet on {cutover.on}."
    if row.interest < ZERO:
        return f"Interest is earned, never {row.interest}."
    return HeldDeposit(accounts[row.account], row.paid_on, row.amount, row.interest)


def _agreement(
    row: ServiceRow,
    accounts: dict[str, Account],
    points: dict[str, ServicePoint],
    rates: dict[str, Schedule],
    cutover: Cutover,
) -> AgreementIn | str:
    if row.account not in accounts:
        return f"There is no account “{row.account}”."
    if missing := next((point for point in row.points if point not in points), ""):
        return f"There is no service point “{missing}”."
    if missing := next((code for code in (row.rate, *row.riders) if code not in rates), ""):
        return f"There is no rate “{missing}”. There are {', '.join(sorted(rates))}."
    if row.billed_to > cutover.on:
        return f"The other system cannot have billed up to {row.billed_to}: the cut-over is on {cutover.on}."
    at = tuple(points[point] for point in row.points)
    metered = any(point.kind == ServicePoint.Kind.METERED for point in at)
    return AgreementIn(
        accounts[row.account], AgreementKind.ENERGY if metered else AgreementKind.UNMETERED, row.billed_to,
        rates[row.rate], at, tuple(rates[rider] for rider in row.riders), row.facts,
    )  # fmt: skip


def _bearing(accounts: Sequence[Account], cutover: Cutover) -> dict[int, Agreement]:
    """The agreement that bears an account's debts: its oldest service, else an invoice that is made for it."""
    kinds = (AgreementKind.ENERGY, AgreementKind.UNMETERED)
    found = {
        row.account_id: row for row in Agreement.objects.filter(account__in=accounts, kind__in=kinds).order_by("-pk")
    }
    without = [account for account in accounts if account.pk not in found]
    made = start_agreements(
        agreements=[AgreementIn(account, AgreementKind.INVOICE, cutover.on) for account in without],
        by=cutover.by, at=cutover.at,
    )  # fmt: skip
    return found | {row.account_id: row for row in made}
