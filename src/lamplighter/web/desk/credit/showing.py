"""What collection does next on an account, since when, and by which rule; the plan or promise that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from lamplighter.accounts.models import Account
from lamplighter.credit.law.parameters import POLICY, Pack
from lamplighter.credit.models import Arrangement, Process, Step, WriteOff
from lamplighter.credit.queries.bankruptcies import case_of
from lamplighter.credit.queries.closed import are_closed, homes_for, old_debts, owed_of, referral_of
from lamplighter.credit.queries.openitems import style_of
from lamplighter.credit.queries.standing import arrangement_of, extension_of, law
from lamplighter.credit.rules.collecting import ACCELERATED, TEMPLATES, StepKind
from lamplighter.journeys.restoring import services_off
from lamplighter.kernel.money import total
from lamplighter.web.desk.assistance.pledging import pledge_facts
from lamplighter.web.desk.closed.leaving import leaving_facts
from lamplighter.web.desk.credit.budgeting import budget_facts
from lamplighter.web.desk.credit.relieving import relief_facts
from lamplighter.web.ui.parts import Badge, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import day, short_day

CUT = "cut, DNP, shut off, turn off, disconnect"
"""What people say for turning power off; the palette finds the check of it by them."""


def standing(account: Account, *, work: bool, on: date, at: datetime) -> Mapping[str, Any]:
    """The plan with its parts, the process with its steps, or that there is nothing; for those who may `work` it, the
    acts. Before all: what is off, and what restores it."""

    def act(text: str, name: str) -> Link | None:
        return Link(text, reverse(f"desk:{name}", args=[account.number]), panel=True) if work else None

    plan, process = arrangement_of(account), _newest(account)
    entries = _parts(plan, on) if plan else _steps(process, law(on=on), on) if process else []
    facts = [
        *_off(account, act("Restore", "do-restore"), on, at),
        *_after_service(account, act, on),
        *(_plan(plan, act("Cancel", "do-cancel-plan"), on) if plan else _process(process, on) if process else []),
        *(_promise(account, on) or [Fact("More time", "None given", act("Give", "do-more-time"))]),
        *relief_facts(account, on, act),
        *budget_facts(account, on, act),
        *pledge_facts(account, on, work=work),
        Fact(
            "Ageing",
            style_of(account, on=on).label,
            Link("Open items", reverse("desk:open-items", args=[account.number])),
        ),
        Fact(
            "Shut-off",
            "What the law says",
            Link("Shut-off check", reverse("desk:shutoff", args=[account.number]), also=CUT),
        ),
        *_calendar(process),
    ]
    if work:
        facts += [
            Fact("Protection", "Stops collection", act("Protect", "do-protect")),
            Fact("Tenants", "Told before power goes off", act("Say who", "do-tenants")),
            Fact("Bankruptcy", *_bankrupt(account, act)),
            Fact("Calls, visits", "Their hours count", act("Write down", "do-call")),
        ]
    empty = None if entries else Empty("Nothing is being collected.", good=True)
    return {"facts": facts, "entries": entries, "empty": empty}


def _calendar(process: Process | None) -> list[Fact]:
    """While a collection runs that may end in a shut-off."""
    if process is None or process.ended_on is not None or process.template != ACCELERATED.key:
        return []
    url = reverse("desk:collection-calendar", args=[process.account.number])
    return [Fact("Its days", "From the bill to the last day", Link("Calendar", url))]


def _off(account: Account, restore: Link | None, on: date, at: datetime) -> list[Fact]:
    """Each point that is off, since when, and what is needed; the way to it where no order is under way."""
    return [
        Fact(f"Off since {short_day(one.since.astimezone(ZoneInfo(settings.UTILITY_ZONE)).date(), on)}",
             f"Order SO-{one.under_way} restores it." if one.under_way else one.restoration.words,
             None if one.under_way else restore)
        for one in services_off(account, at=at)
    ]  # fmt: skip


def _after_service(account: Account, act: Callable[[str, str], Link | None], on: date) -> list[Fact]:
    """Where no service runs: what was written off and who has it, with the acts; where it runs, what an older account
    of the customer owes."""
    if not are_closed([account.pk], on=on):
        owed = total(money for _, money in old_debts(account, on=on))
        return [Fact("Owes from before", owed, act("Ask for it", "do-move-debt"))] if owed else []
    written = WriteOff.objects.filter(account=account).select_related("agreement").order_by("-pk").first()
    left = leaving_facts(account, on, act)
    if written is None:
        return [
            *left,
            Fact("No service runs", "Letters, then write-off", act("Propose", "do-write-off")),
            *([Fact("Other account", "Has service", act("Move the debt", "do-move-debt"))]
              if homes_for(account, on=on) else []),
        ]  # fmt: skip
    placed = referral_of(account)
    agency = (
        Fact("Agency", f"{placed.agency} since {short_day(placed.referred_on, on)}", act("Recall", "do-recall"))
        if placed else Fact("Agency", "None has it", act("Place it", "do-refer"))
    )  # fmt: skip
    said = f"{written.amount} {short_day(written.written_on, on)}, {owed_of(written)} still owed"
    return [*left, Fact("Written off", said), agency]


def _bankrupt(account: Account, act: Callable[[str, str], Link | None]) -> tuple[str, Link | None]:
    case = case_of(account)
    if case is None:
        return "None is known", act("Enter a petition", "do-bankruptcy")
    return f"Chapter {case.chapter}, {case.case_number}", Link("Open", reverse("desk:bankruptcy", args=[case.pk]))


def _plan(plan: Arrangement, cancel: Link | None, on: date) -> list[Fact]:
    return [Fact("On plan", f"{plan.total} since {short_day(plan.made_on, on)}", cancel)]


def _parts(plan: Arrangement, on: date) -> list[Entry]:
    parts = sorted(plan.instalments.all(), key=lambda part: part.place)
    asked = {True: Badge("Asked for", Tone.NOTICE), False: Badge("Later", Tone.PLAIN)}
    return [
        Entry(part.due_on, asked[part.entry_id is not None], f"{part.amount} due {short_day(part.due_on, on)}")
        for part in parts
    ]


def _promise(account: Account, on: date) -> list[Fact]:
    given = extension_of(account)
    return [Fact("More time", f"{given.amount} by {day(given.until, on)}")] if given else []


def _process(process: Process, on: date) -> list[Fact]:
    label = TEMPLATES[process.template].label
    if process.ended_on:
        return [Fact(label, f"{process.outcome.capitalize()} {short_day(process.ended_on, on)}")]
    following = next((step for step in process.steps.all() if not step.done_on and not step.cancelled_on), None)
    if following is None:
        return [Fact(label, f"{process.debt} since {short_day(process.started_on, on)}")]
    return [Fact("Next step", f"{_label(process, following)}, from {day(following.due_on, on)}")]


def _steps(process: Process, pack: Pack, on: date) -> list[Entry]:
    return [
        Entry(
            step.done_on or step.cancelled_on or step.due_on, _state(step, on), _label(process, step),
            _because(process, step, pack),
        )
        for step in process.steps.all()
    ]  # fmt: skip


def _state(step: Step, on: date) -> Badge:
    if step.done_on:
        return Badge("Done", Tone.GOOD)
    if step.cancelled_on:
        return Badge("Stopped", Tone.PLAIN)
    return Badge("Due", Tone.WATCH) if step.due_on <= on else Badge("Earliest", Tone.NOTICE)


def _label(process: Process, step: Step) -> str:
    return next(one.label for one in TEMPLATES[process.template].steps if one.key == step.key)


def _because(process: Process, step: Step, pack: Pack) -> str:
    kind = next(one.kind for one in TEMPLATES[process.template].steps if one.key == step.key)
    return {
        StepKind.NOTICE: pack.bill_to_notice_days.cites, StepKind.CALL: pack.contact_hours.cites,
        StepKind.REVIEW: pack.notice_days.cites, StepKind.LETTER: POLICY, StepKind.GIVE_UP: POLICY,
    }[kind]  # fmt: skip


def _newest(account: Account) -> Process | None:
    steps = Prefetch("steps", Step.objects.order_by("place"))
    return account.collection_processes.select_related("account").prefetch_related(steps).order_by("-id").first()
