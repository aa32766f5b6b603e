"""Columns for kernel values. Migrations import this module, so what it names stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Value
from django.db.models.functions import Replace

from lamplighter.kernel.actors import Actor
from lamplighter.kernel.instants import Span
from lamplighter.kernel.money import Money
from lamplighter.kernel.periods import Period

if TYPE_CHECKING:
    WholeNumber = models.Field[Any, Any]
    Text = models.Field[Any, Any]
    JSON = models.Field[Any, Any]
else:  # Django's fields take no type parameters when they run
    WholeNumber, Text, JSON = models.BigIntegerField, models.CharField, models.JSONField


def digits_of(column: str) -> OpClass:
    """A number without its hyphens, in an index that finds it by how it begins."""
    return OpClass(Replace(column, Value("-"), Value("")), name="text_pattern_ops")


class MoneyField(WholeNumber):
    description = "whole cents"

    def from_db_value(self, value: int | None, *_: object) -> Money | None:
        return None if value is None else Money(int(value))

    def get_prep_value(self, value: Money | int | None) -> int | None:
        return value.cents if isinstance(value, Money) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Money) or value is None else Money(int(value))


class PeriodField(DateRangeField):
    """A kernel Period as a half-open `daterange`."""

    description = "half-open run of service days"

    def from_db_value(self, value: DateRange | None, *_: object) -> Period | None:
        if value is None:
            return None
        assert isinstance(value.lower, date)
        return Period(value.lower, value.upper)

    def get_prep_value(self, value: Any) -> Any:
        return DateRange(value.start, value.end, "[)") if isinstance(value, Period) else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        assert not isinstance(value, Period) or value.start != value.end, f"a range of no days forgets its day: {value}"
        return super().get_db_prep_save(value, connection)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Period) or value is None else super().to_python(value)


class SpanField(DateTimeRangeField):
    """A kernel Span as a half-open `tstzrange`."""

    description = "half-open run of instants"

    def from_db_value(self, value: DateTimeTZRange | None, *_: object) -> Span | None:
        if value is None:
            return None
        assert isinstance(value.lower, datetime)
        return Span(value.lower, value.upper)

    def get_prep_value(self, value: Any) -> Any:
        return DateTimeTZRange(value.start, value.end, "[)") if isinstance(value, Span) else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        assert not isinstance(value, Span) or value.start != value.end, f"a range of no time forgets when: {value}"
        return super().get_db_prep_save(value, connection)

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Span) or value is None else super().to_python(value)


class TextOfJSONField(JSON):
    """JSON as the very text that was written (PostgreSQL's `json`), so that its hash stands for what is kept: `jsonb`
    is put together anew, in another order. Parsed where it is read; the driver does it."""

    description = "JSON, kept as it was written"

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - we know only PostgreSQL
        return "json"

    def from_db_value(self, value: Any, *_: object) -> Any:
        return value


class ActorField(Text):
    """Who acted, as `kind:key`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 80)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: object) -> Actor | None:
        return None if value is None else Actor.parse(value)

    def get_prep_value(self, value: Actor | str | None) -> str | None:
        return str(value) if isinstance(value, Actor) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Actor) or value is None else Actor.parse(value)
