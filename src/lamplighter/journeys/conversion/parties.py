"""People and accounts of another system."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lamplighter.accounts.models import Account, Cycle
from lamplighter.accounts.operations import AccountIn, open_accounts
from lamplighter.customers.models import Person
from lamplighter.customers.operations import PersonIn, add_people
from lamplighter.formats.conversion.tables import AccountRow, PersonRow
from lamplighter.journeys.conversion.taking import Cutover, Unit
from lamplighter.platform.operations.legacy import keep_legacy_keys
from lamplighter.platform.queries.legacy import legacy_rows


class People:
    """Humans and organisations, with how they are reached from the cut-over on."""

    table = "people"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(legacy_rows(self.table, keys))

    def prepare(self, units: Sequence[Unit[PersonRow]], _cutover: Cutover) -> list[PersonIn | str]:
        return [_person(one.row) for one in units]

    def write(self, units: Sequence[Unit[PersonRow]], inputs: Sequence[PersonIn], cutover: Cutover) -> None:
        added = add_people(people=inputs, on=cutover.on, by=cutover.by, at=cutover.at)
        rows = {unit.key: person.pk for unit, person in zip(units, added, strict=True)}
        keep_legacy_keys(kind=self.table, rows=rows)


class Accounts:
    """Accounts under their old numbers, of people that were taken over, in cycles that are defined."""

    table = "accounts"
    together = False

    def known(self, keys: Collection[str]) -> set[str]:
        return set(Account.objects.filter(old_number__in=keys).values_list("old_number", flat=True))

    def prepare(self, units: Sequence[Unit[AccountRow]], cutover: Cutover) -> list[AccountIn | str]:
        ids = legacy_rows("people", {one.row.person for one in units})
        people = Person.objects.in_bulk(list(ids.values()))
        cycles = {cycle.code: cycle for cycle in Cycle.objects.all()}
        return [_account(one.row, ids, people, cycles, cutover) for one in units]

    def write(self, _units: Sequence[Unit[AccountRow]], inputs: Sequence[AccountIn], cutover: Cutover) -> None:
        open_accounts(accounts=inputs, by=cutover.by, at=cutover.at)


def _person(row: PersonRow) -> PersonIn:
    reached = (("mobile", row.mobile), ("phone", row.phone), ("email", row.email))
    return PersonIn(
        family=row.family, given=row.given, trade_name=row.trade_name, language=row.language,
        interpreter=row.interpreter, contacts=tuple((kind, value) for kind, value in reached if value),
        mailing="\n".join(row.mailing),
    )  # fmt: skip


def _account(
    row: AccountRow, ids: dict[str, int], people: dict[int, Person], cycles: dict[str, Cycle], cutover: Cutover
) -> AccountIn | str:
    if row.person not in ids:
        return f"There is no person “{row.person}”."
    if row.cycle not in cycles:
        return f"There is no cycle “{row.cycle}”. There are {', '.join(sorted(cycles))}."
    if row.since > cutover.on:
        return f"A customer since {row.since} is none yet on {cutover.on}."
    return AccountIn(
        people[ids[row.person]], row.customer_class, cycles[row.cycle], row.since, row.bills_by, old_number=row.account
    )
