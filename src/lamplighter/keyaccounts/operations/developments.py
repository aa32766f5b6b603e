"""Open a development, keep its load letters, move it from stage to stage, and tell what it waits on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.text import slugify

from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.kernel.actors import Actor
from lamplighter.kernel.money import Money
from lamplighter.keyaccounts.models import (
    AdoptedPlanning,
    Development,
    DevelopmentNeed,
    DevelopmentStage,
    LoadLetter,
    Organisation,
)
from lamplighter.keyaccounts.planning import Use, estimate, planning_of
from lamplighter.keyaccounts.queries.planning import adopted_planning
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.models import User
from lamplighter.platform.operations.events import record, write_remark
from lamplighter.platform.transactions import in_transaction

Stage = DevelopmentStage.Stage
Kind = DevelopmentNeed.Kind
ORDER = (Stage.ASKED, Stage.LETTER, Stage.STUDY, Stage.OFFERED, Stage.AGREED, Stage.BUILDING, Stage.ENERGISED)
ENDED = frozenset({Stage.ENERGISED, Stage.WITHDRAWN})
PAID = (Kind.FEE, Kind.CONTRIBUTION)
MOST_RAMP = 120


@in_transaction
def open_development(
    *, name: str, developer: Organisation, place: str, feeder: str, customer_class: str, wanted_on: date,
    ramp_months: int, owner: User, on: date, by: Actor, at: datetime,
) -> Development:  # fmt: skip
    """Somebody asked for service."""
    slug = slugify(name)[:58]
    if not slug:
        raise CannotKeep("Give the development a name.")
    if Development.objects.filter(slug=slug).exists():
        raise CannotKeep(f"There is a development {name} already.")
    if wanted_on <= on:
        raise CannotKeep("Power is wanted on a day to come.")
    if not 1 <= ramp_months <= MOST_RAMP:
        raise CannotKeep(f"Buildings fill in 1 to {MOST_RAMP} months.")
    planning = adopted_planning(on=on)
    if planning is not None and feeder not in planning.feeders:
        raise CannotKeep(f"The planning figures know no feeder {feeder}. They know {', '.join(planning.feeders)}.")
    made = Development.objects.create(
        slug=slug, name=name.strip(), developer=developer, place=place.strip(), feeder=feeder, wanted_on=wanted_on,
        customer_class=customer_class, ramp_months=ramp_months, owner=owner, opened_at=at, opened_by=by,
    )  # fmt: skip
    DevelopmentStage.objects.create(development=made, stage=Stage.ASKED, on=on, at=at, by=by)
    record("keyaccounts.development.opened", subject=made.subject, by=by, at=at, developer=developer.slug)
    return made


@in_transaction
def want_power_on(*, development: Development, wanted_on: date, why: str, on: date, by: Actor, at: datetime) -> None:
    """Another day, with the reason."""
    held = _held(development)
    if wanted_on <= on:
        raise CannotKeep("Power is wanted on a day to come.")
    if not why.strip():
        raise CannotKeep("Say why the day changes.")
    held.wanted_on = wanted_on
    held.save(update_fields=["wanted_on"])
    record("keyaccounts.development.moved", subject=held.subject, by=by, at=at, wanted_on=wanted_on.isoformat(),
           remark=why.strip())  # fmt: skip


@in_transaction
def take_letter(
    *, development: Development, uses: Sequence[Use], stated_kva: Decimal | None, received_on: date, on: date,
    by: Actor, at: datetime,
) -> LoadLetter:  # fmt: skip
    """A load letter whose uses the planning figures know. A development that was only asked for comes to its letter."""
    held = _held(development)
    planning = adopted_planning(on=on)
    if planning is None:
        raise CannotKeep("Adopt planning figures first: without them no load can be estimated.")
    if not uses:
        raise CannotKeep("A load letter names at least one use.")
    if received_on > on:
        raise CannotKeep("A letter of a day to come isn't here yet.")
    estimate(uses, planning)
    made = LoadLetter.objects.create(
        development=held, received_on=received_on, stated_kva=stated_kva, kept_at=at, kept_by=by,
        uses=[{"building": one.building, "size": str(one.size)} for one in uses],
    )  # fmt: skip
    record("keyaccounts.letter.taken", subject=held.subject, by=by, at=at, letter=made.pk)
    if _stage(held) == Stage.ASKED:
        _come_to(held, Stage.LETTER, on=received_on, words="", by=by, at=at)
    return made


@in_transaction
def move_stage(
    *, development: Development, stage: str, on: date, words: str, today: date, by: Actor, at: datetime
) -> DevelopmentStage:
    """To the next stage, or with the reason back to an earlier one, or withdrawn. Nothing is agreed on before its fees
    and contributions are paid, and nothing energised while it waits on anything."""
    held, to = _held(development), Stage(stage)
    now = _stage(held)
    last = DevelopmentStage.objects.filter(development=held).latest("pk")
    if on > today or on < last.on:
        raise CannotKeep(f"A stage is reached between {last.on:%b %-d, %Y}, when the last one was, and today.")
    if to != Stage.WITHDRAWN and ORDER.index(to) > ORDER.index(now) + 1:
        raise CannotKeep(f"Next comes “{ORDER[ORDER.index(now) + 1].label}”.")
    if to == now:
        raise CannotKeep(f"It stands at “{now.label}” already.")
    back = to == Stage.WITHDRAWN or ORDER.index(to) < ORDER.index(now)
    if back and not words.strip():
        raise CannotKeep("Say why.")
    if not back:
        _refuse_unmet(held, to)
    return _come_to(held, to, on=on, words=words, by=by, at=at)


@in_transaction
def set_need(
    *, development: Development, kind: str, words: str, waits_on: str, since: date, on: date, by: Actor, at: datetime,
    expected_on: date | None = None, amount: Money | None = None,
) -> DevelopmentNeed:  # fmt: skip
    """Power waits for it: on whom, since when, until when it is expected."""
    held = _held(development)
    if not words.strip():
        raise CannotKeep("Say what it waits for.")
    _refuse_days(since, expected_on, on)
    if kind in PAID and amount is None:
        raise CannotKeep("A fee or contribution has an amount.")
    made = DevelopmentNeed.objects.create(
        development=held, kind=kind, words=words.strip(), waits_on=waits_on, since=since, expected_on=expected_on,
        amount=amount, set_by=by,
    )  # fmt: skip
    record("keyaccounts.need.set", subject=held.subject, by=by, at=at, kind=kind, waits_on=waits_on)
    return made


@in_transaction
def change_need(
    *, need: DevelopmentNeed, waits_on: str, since: date, expected_on: date | None, on: date, by: Actor, at: datetime
) -> None:
    """It waits on somebody else now, or is expected on another day; its history keeps who had it before."""
    held = _open_need(need)
    _refuse_days(since, expected_on, on)
    held.waits_on, held.since, held.expected_on = waits_on, since, expected_on
    held.save(update_fields=["waits_on", "since", "expected_on"])
    record("keyaccounts.need.changed", subject=held.development.subject, by=by, at=at, kind=held.kind,
           waits_on=waits_on)  # fmt: skip


@in_transaction
def meet_need(*, need: DevelopmentNeed, met_on: date, reference: str, on: date, by: Actor, at: datetime) -> None:
    """It is here; what was paid or recorded is named by its number."""
    held = _open_need(need)
    if not held.since <= met_on <= on:
        raise CannotKeep(f"It was met between {held.since:%b %-d, %Y} and today.")
    if held.kind in {*PAID, Kind.EASEMENT} and not reference.strip():
        raise CannotKeep("Give the number of the invoice, or of the recording.")
    held.met_on, held.met_by, held.reference = met_on, by, reference.strip()
    held.save(update_fields=["met_on", "met_by", "reference"])
    record("keyaccounts.need.met", subject=held.development.subject, by=by, at=at, kind=held.kind)


@in_transaction
def adopt_planning(*, text: str, by: Actor, at: datetime) -> AdoptedPlanning:
    """Raises CannotKeep for a file that can't be read, with what is wrong in it."""
    try:
        found = planning_of(text)
    except CannotAdvise as fault:
        raise CannotKeep(str(fault)) from fault
    made = AdoptedPlanning.objects.create(since=found.since, text=text, adopted_at=at, adopted_by=by)
    record("keyaccounts.planning.adopted", subject=f"planning:{made.pk}", by=by, at=at, since=found.since.isoformat())
    return made


def _held(development: Development) -> Development:
    """Its row, held; one that ended is not changed any more."""
    held = Development.objects.select_for_update().get(pk=development.pk)
    if (stage := _stage(held)) in ENDED:
        raise CannotKeep(f"{held} is {stage.label.lower()}: nothing changes there any more.")
    return held


def _stage(development: Development) -> Stage:
    return Stage(DevelopmentStage.objects.filter(development=development).latest("pk").stage)


def _come_to(
    development: Development, stage: Stage, *, on: date, words: str, by: Actor, at: datetime
) -> DevelopmentStage:
    made = DevelopmentStage.objects.create(
        development=development, stage=stage, on=on, at=at, by=by,
        words=write_remark(words.strip(), at=at) if words.strip() else None,
    )  # fmt: skip
    record("keyaccounts.development.came", subject=development.subject, by=by, at=at, stage=stage.value)
    return made


def _refuse_unmet(development: Development, to: Stage) -> None:
    open_needs = DevelopmentNeed.objects.filter(development=development, met_on__isnull=True).order_by("pk")
    if to == Stage.LETTER and not development.letters.exists():
        raise CannotKeep("The load letter is not here yet.")
    lacking = open_needs.filter(kind__in=PAID) if to == Stage.AGREED else open_needs
    if to in {Stage.AGREED, Stage.ENERGISED} and (first := lacking.first()) is not None:
        raise CannotKeep(f"It waits on {first.get_waits_on_display().lower()}: {first.words}.")


def _refuse_days(since: date, expected_on: date | None, on: date) -> None:
    if since > on:
        raise CannotKeep("It waits since a day that has been.")
    if expected_on is not None and expected_on < since:
        raise CannotKeep("It is expected after the day since which it waits.")


def _open_need(need: DevelopmentNeed) -> DevelopmentNeed:
    rows = DevelopmentNeed.objects.select_for_update(of=("self",)).select_related("development")
    held = rows.get(pk=need.pk)
    if held.met_on is not None:
        raise CannotKeep(f"That was met on {held.met_on:%b %-d, %Y}.")
    return held
