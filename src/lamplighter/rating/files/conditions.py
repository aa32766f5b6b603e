"""Read the attributes that a tariff asks of an account, and the conditions over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lamplighter.rating.attributes import Amount, Attribute, Choice, Flag, word
from lamplighter.rating.conditions import Condition, Every, Is, Not, Some, Within
from lamplighter.rating.files.figures import Known
from lamplighter.rating.files.tables import Table
from lamplighter.rating.spelling import did_you_mean

KINDS = ("choice", "yes or no", "number")


def attributes(table: Table) -> dict[str, Attribute]:
    """`[attribute.heating]` tables, by name."""
    found: dict[str, Attribute] = {}
    for name in table.values:
        inner = table.table(name)
        if inner is not None:
            found[name] = _attribute(name, inner)
            inner.close()
    return found


def condition(table: Table, known: Known) -> Condition:
    """`when = { heating = "gas", kw = { at_least = 50 } }`: all of them must hold."""
    when = table.table("when")
    return Every() if when is None else _every(when, known)


def _attribute(name: str, table: Table) -> Attribute:
    label = table.text("label")
    kind = table.text("type", "choice")
    if kind == "number":
        default = table.number("default") if "default" in table else None
        return Amount(name, label, table.text("unit", ""), default, table.number("least", Decimal(0)))
    if kind == "yes or no":
        return Flag(name, label, table.truth("default") if "default" in table else None)
    if kind != "choice":
        table.unknown("type", kind, KINDS)
    values = table.words("values")
    if len(values) < 2:
        table.wrong("values", "A choice has two words at least.", 'Write values = ["one", "other"].')
    given = table.text("default", "")
    if given and given not in values:
        table.unknown("default", given, values)
    return Choice(name, label, values, given or None)


def _every(table: Table, known: Known) -> Condition:
    parts = tuple(_parts(table, known))
    return parts[0] if len(parts) == 1 else Every(parts)


def _parts(table: Table, known: Known) -> Iterator[Condition]:
    for name, value in table.values.items():
        table.asked.add(name)
        if name == "not" and isinstance(value, Mapping):
            yield Not(_every(Table(value, (*table.path, name), table.notes), known))
        elif name == "any" and isinstance(value, list):
            yield Some(tuple(_every(inner, known) for inner in table.tables(name)))
        elif name in known.attributes:
            yield _on(table, known.attributes[name], value)
        else:
            table.notes.add(
                (*table.path, name),
                "unknown_attribute",
                f"The tariff has no attribute “{name}”.",
                did_you_mean(name, known.attributes),
            )


def _on(table: Table, attribute: Attribute, value: Any) -> Condition:
    name = attribute.name
    if isinstance(attribute, Amount):
        inner = table.table(name)
        if inner is None:
            return Every()
        low = inner.number("at_least") if "at_least" in inner else None
        high = inner.number("below") if "below" in inner else None
        inner.close()
        return Within(name, low, high)
    wanted = {word(item) for item in (value if isinstance(value, list) else [value])}
    possible = {"yes", "no"} if isinstance(attribute, Flag) else set(attribute.values)
    for item in sorted(wanted - possible):
        table.unknown(name, item, sorted(possible))
    return Is(name, frozenset(wanted))
