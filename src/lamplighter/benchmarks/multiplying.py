"""Many accounts out of few: the rows that operations made, written again set by set under keys of their own.

What is written is what the operations would have written for so many, but for the events of their opening. Constraints
and indexes are as they are; people get names and streets as a town has them, so that a search finds some and not all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from lamplighter.accounts.models import (
    Account,
    AccountRole,
    Agreement,
    AgreementFact,
    AgreementPoint,
    AgreementRate,
)
from lamplighter.customers.models import Person
from lamplighter.ledger.models import Subledger
from lamplighter.metering.models import Channel, Installation, Meter, Multiplier, SwitchState
from lamplighter.platform.copying import copy_in
from lamplighter.platform.numbering import next_numbers
from lamplighter.premises.models import Premise, ServicePoint

STRIDE = 1_000
"""Between the keys of two copies of a row: more than there are first ones."""
GIVEN = ("Alice", "Andres", "Anh", "Brian", "Carmen", "Dante", "Diane", "Elena", "Farid", "Grace", "Hao", "Imani",
         "Javier", "Julia", "Kavita", "Lan", "Leonard", "Ligaya", "Mei", "Nathan", "Nora", "Omar", "Pablo", "Quang",
         "Ruth", "Samira", "Teresa", "Walter", "Xin", "Yolanda", "Zainab")  # fmt: skip
FAMILY = ("Abbott", "Aguilar", "Bell", "Bui", "Calloway", "Cortez", "Dang", "Dizon", "Ellery", "Fong", "Garner",
          "Huang", "Ibarra", "Iyer", "Jarvis", "Kamara", "Kwan", "Lowell", "Manalo", "Mercer", "Navarro", "Ngo",
          "Okoye", "Patel", "Quill", "Reeve", "Rosales", "Shen", "Tait", "Tran", "Upton", "Vance", "Wong", "Yip",
          "Zamora", "Zhou", "Oakes")  # fmt: skip
STREETS = ("Anchor St", "Arbor Ave", "Beach Rd", "Bellows St", "Bowline St", "Capstan Ct", "Chestnut St", "Cooper St",
           "Dock St", "Egret Ln", "Elm Ln", "Ferry St", "Gable Ln", "Grebe St", "Halyard St", "Harbor Way", "Heron Ct",
           "Hillside Ave", "Ingot Ct", "Lagoon Dr", "Levee Way", "Maple Ct", "Mooring Ln", "Oak St", "Orchard St",
           "Otis Dr", "Pelican Way", "Pilot Way", "Porch St", "Quay St", "Rope Walk", "Slip St", "Spool Ct",
           "Tern Way", "Terminal Ave", "Twine Ln", "Walnut St", "Willet Ct", "Windlass Way", "Hemp St",
           "Quince Ln")  # fmt: skip
TABLES: tuple[type[models.Model], ...] = (
    Subledger, Person, Premise, ServicePoint, Meter, Channel, Multiplier, Installation, SwitchState, Account,
    AccountRole, Agreement, AgreementPoint, AgreementRate, AgreementFact,
)  # fmt: skip
NUMBERED: Mapping[type[models.Model], str] = MappingProxyType(
    {Person: "person", Premise: "premise", Account: "account"}
)
KEY = f"t.id + k * {STRIDE}"
SERIES_OF = "(SELECT n.number FROM bench_number n WHERE n.series = '{series}' AND n.id = {key})"


def named(serial: int) -> tuple[str, str, str]:
    """Given name, family name and street of whoever has this key."""
    return GIVEN[serial % len(GIVEN)], FAMILY[serial % len(FAMILY)], STREETS[serial % len(STREETS)]


def multiply(*, times: int, billed: int) -> None:
    """The accounts that there are, `times` over; `billed` copies of them in the first cycle, the others in the last."""
    if times == 1:
        return
    with connection.cursor() as cursor:
        _draw_numbers(cursor, times)
        for model in TABLES:
            _write_again(cursor, model, times, billed)
        cursor.execute("DROP TABLE bench_number")


def _draw_numbers(cursor: CursorWrapper, times: int) -> None:
    """The numbers of all who are to be, by series and key."""
    cursor.execute("CREATE TEMP TABLE bench_number (series text, id bigint, number text, PRIMARY KEY (series, id))")
    for model, series in NUMBERED.items():
        keys = list(model._default_manager.values_list("pk", flat=True))
        assert max(keys) - min(keys) < STRIDE, f"{model.__name__} has keys of its copies already"
        wanted = [key + k * STRIDE for k in range(1, times) for key in keys]
        numbers = next_numbers(series, len(wanted))
        copy_in(cursor, "bench_number (series, id, number)", zip([series] * len(wanted), wanted, numbers, strict=True))


def _write_again(cursor: CursorWrapper, model: type[models.Model], times: int, billed: int) -> None:
    table, own = model._meta.db_table, _own(model, billed)
    columns = {str(field.column): field for field in model._meta.concrete_fields}
    values = [own.get(column) or _value(field) for column, field in columns.items()]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608 - names of our own
        f"FROM {table} t CROSS JOIN generate_series(1, %s) AS k",
        [times - 1],
    )
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608


def _value(field: models.Field[object, object]) -> str:
    """Keys, and references to what is multiplied too, move; everything else stays."""
    moves = field.primary_key or field.related_model in TABLES
    return f"t.{field.column} + k * {STRIDE}" if moves else f"t.{field.column}"


def _own(model: type[models.Model], billed: int) -> dict[str, str]:
    """What each copy has of its own, in SQL by column."""
    own = {"number": SERIES_OF.format(series=NUMBERED[model], key=KEY)} if model in NUMBERED else {}
    if model is Person:
        given, family = _one_of(GIVEN), _one_of(FAMILY)
        return own | {"name": f"{given} || ' ' || {family}", "sort_name": f"{family} || ', ' || {given}"}
    if model is Premise:
        return own | {"street": f"({KEY}) || ' ' || {_one_of(STREETS)}"}
    if model is ServicePoint:
        return {"number": SERIES_OF.format(series="premise", key=f"t.premise_id + k * {STRIDE}") + " || '/1'"}
    if model is Meter:
        return {"badge": f"'E-' || lpad(({KEY})::text, 7, '0')"}
    if model is Account:
        last = "(SELECT max(code) FROM accounts_cycle)"
        return own | {"cycle_id": f"CASE WHEN k < {billed} THEN t.cycle_id ELSE {last} END"}
    return own


def _one_of(words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[({KEY}) %% {len(words)} + 1]"
