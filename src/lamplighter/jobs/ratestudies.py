"""Price a study for everybody, find the best rate of everybody, hold everybody to the rate rules, foretell a year."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from lamplighter.jobs.progress import WHEN_THE_DATABASE_RETURNS, telling, told
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.platform.operations.runs import end_run
from lamplighter.platform.transactions import unit_of_work
from lamplighter.ratestudies.forecasting import TooShort
from lamplighter.ratestudies.models import Forecast, Study
from lamplighter.ratestudies.operations.advice import keep_advice
from lamplighter.ratestudies.operations.forecasts import keep_forecast, refuse_forecast
from lamplighter.ratestudies.operations.reviews import keep_review
from lamplighter.ratestudies.operations.studies import keep_study
from lamplighter.ratestudies.queries.advising import advised
from lamplighter.ratestudies.queries.foretelling import worked_forecast
from lamplighter.ratestudies.queries.reviewing import reviewed
from lamplighter.ratestudies.queries.studying import worked
from lamplighter.rating.files import parse


@app.task(name="ratestudies.study", retry=WHEN_THE_DATABASE_RETURNS)
def study(*, run: int, by: str, study: int) -> None:
    """A study's tariff over its year, beside the rates in force today."""
    with told(run) as found:
        row = Study.objects.select_related("schedule", "source").get(pk=study)
        tariff = parse(row.source.text, row.schedule.code).tariff
        assert tariff is not None, "only texts that parse are kept for studies"
        made = worked(row, tariff, on=timezone.localdate(), progress=telling(found))
        with unit_of_work(Actor.parse(by)):
            keep_study(study=row, worked=made, by=Actor.parse(by), at=timezone.now())
        change = Money(made.result["proposed"] - made.result["present"])
        end_run(run=found, at=timezone.now(), message=f"{len(made.rows):,} customers priced, {change} a year")


@app.task(name="ratestudies.advice", retry=WHEN_THE_DATABASE_RETURNS)
def advice(*, run: int, by: str, until: str) -> None:
    """The cheapest rate that each customer may be on."""
    with told(run) as found:
        rows = advised(
            until=date.fromisoformat(until), on=timezone.localdate(), at=timezone.now(), progress=telling(found)
        )
        with unit_of_work(Actor.parse(by)):
            keep_advice(found=rows, by=Actor.parse(by), at=timezone.now())
        better = sum(row.saving.cents > 0 for row in rows)
        end_run(run=found, at=timezone.now(), message=f"{len(rows):,} customers, {better:,} would pay less on another")


@app.task(name="ratestudies.review", retry=WHEN_THE_DATABASE_RETURNS)
def review(*, run: int, by: str, until: str) -> None:
    """Who belongs on another schedule by the rules of today."""
    with told(run) as found:
        on = timezone.localdate()
        made = reviewed(until=date.fromisoformat(until), on=on, progress=telling(found))
        with unit_of_work(Actor.parse(by)):
            keep_review(found=made, until=date.fromisoformat(until), on=on, by=Actor.parse(by), at=timezone.now())
        end_run(
            run=found, at=timezone.now(),
            message=f"{made.looked_at:,} customers, {len(made.misplaced):,} belong on another rate",
        )  # fmt: skip


@app.task(name="ratestudies.forecast", retry=WHEN_THE_DATABASE_RETURNS)
def forecast(*, run: int, by: str, forecast: int) -> None:
    """A year of sales and revenue, or why the past does not carry it."""
    with told(run) as found:
        row = Forecast.objects.get(pk=forecast)
        try:
            made = worked_forecast(row, on=timezone.localdate(), progress=telling(found))
        except TooShort as why:
            with unit_of_work(Actor.parse(by)):
                refuse_forecast(forecast=row, why=str(why), by=Actor.parse(by), at=timezone.now())
            end_run(run=found, at=timezone.now(), message=str(why))
            return
        with unit_of_work(Actor.parse(by)):
            keep_forecast(forecast=row, worked=made, by=Actor.parse(by), at=timezone.now())
        end_run(run=found, at=timezone.now(), message=f"{made.result['customers']:,} customers, twelve months")
