"""One's own day: duties of one's desks, the lists that open and close the office, one's work and what to learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.kernel.actors import Actor
from lamplighter.platform.queries.approvals import left_to
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.naming import names_of
from lamplighter.web.office import office_days
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Badge, Empty, Entry, Fact, Link, Tone
from lamplighter.web.ui.wording import due, moment, short_day
from lamplighter.web.visits import visit
from lamplighter.workforce.models.duties import WorkList
from lamplighter.workforce.queries.training import learning_of
from lamplighter.workforce.queries.turns import Turn, desks_of, finish_of, keeps_open, turns_between
from lamplighter.workforce.rules.rhythm import Standing
from lamplighter.worklist.kinds import kind_of
from lamplighter.worklist.queries import by_kind, tallies

STANDS = {
    Standing.WAITING: Badge("To do", Tone.NOTICE), Standing.DONE: Badge("Done", Tone.GOOD),
    Standing.LATE: Badge("Done late", Tone.WATCH), Standing.MISSED: Badge("Missed", Tone.BAD),
}  # fmt: skip
LISTS = (WorkList.OPENING, WorkList.CLOSING)
ENTRIES, FACTS = "desk/contacts/thread.html", "desk/contacts/files.html"


@needs("worklist.work")
def today(request: HttpRequest) -> HttpResponseBase:
    seen, mine = visit(request), desks_of(permissions(request))
    all_turns = turns_between(seen.on, seen.on, at=seen.at, calendar=office_days(request))
    turns = [one for one in all_turns if one.duty.desk in mine or one.owner == actor(request)]
    people = names_of([one.owner for one in turns] + [one.done.by for one in turns if one.done])
    of_day = [one for one in turns if one.duty.list == WorkList.DAY]
    return page(
        request, title="Today", meta=[short_day(seen.on)],
        panels=[
            Panel("duties", "Duties", ENTRIES,
                  lambda: {"entries": entries(of_day, people, request), "empty": Empty("No duty falls on today.")}),
            *(_list(which, all_turns, people, request) for which in LISTS
              if any(one.duty.list == which and one in turns for one in all_turns)),
            Panel("work", "Waiting for you", FACTS, lambda: _work(request), "side"),
            Panel("learn", "To learn", FACTS, lambda: _learn(request), "side"),
        ],
    )  # fmt: skip


def entries(turns: Sequence[Turn], people: Mapping[Actor, str], request: HttpRequest) -> list[Entry]:
    """Turns in the order of their time, each with the act that is its owner's."""
    mine, found = actor(request), []
    for turn in turns:
        told = [people[turn.owner] if turn.owner else "anybody of the desk"]
        if turn.done is not None:
            count = [f"{turn.done.count:,}"] if turn.done.count is not None else []
            words = [str(turn.done.remark)] if turn.done.remark else []
            told = [f"by {people[turn.done.by]}, {moment(turn.done.at, visit(request).on)}", *count, *words]
        link = None
        if turn.open and turn.owner in {None, mine}:
            url = reverse("desk:do-duty", args=[turn.duty.pk, turn.day.isoformat()])
            link = Link("Done", url, panel=True)
        found.append(Entry(turn.due_at, STANDS[turn.standing], turn.duty.title, ", ".join(told), link))
    return found


def _list(which: WorkList, turns: Sequence[Turn], people: Mapping[Actor, str], request: HttpRequest) -> Panel:
    """One of the lists of the day, and whether it can be finished now."""
    own = [one for one in turns if one.duty.list == which]

    def rows() -> Mapping[str, Any]:
        done = finish_of(which, visit(request).on)
        shown = entries(own, {**people, **names_of([one.done.by for one in own if one.done])}, request)
        if done is not None:
            by = names_of([done.by])[done.by]
            return {"entries": [*shown, Entry(done.at, Badge("Finished", Tone.GOOD), f"by {by}")]}
        why = keeps_open(which, own)
        if why:
            return {"entries": [*shown, Entry(visit(request).at, Badge("Not finished", Tone.WATCH), " ".join(why))]}
        link = Link("Finish", reverse("desk:do-finish-list", args=[which.value]), panel=True)
        ready = Entry(visit(request).at, Badge("Ready", Tone.GOOD), "Everything is done.", "", link)
        return {"entries": [*shown, ready]}

    return Panel(which.value, f"{which.label} list", ENTRIES, rows)


def _work(request: HttpRequest) -> Mapping[str, Any]:
    seen, mine = visit(request), actor(request)
    found = [one for one in tallies(at=seen.at, permissions=permissions(request)) if one.owner in {None, mine}]
    facts = []
    if asked := left_to(mine, permissions(request)).count():
        facts.append(Fact("Approvals", str(asked), Link("Open", reverse("lead:approvals"))))
    for key, count in sorted(by_kind(found).items(), key=lambda pair: -pair[1].overdue):
        kind = kind_of(key)
        late = f", {count.overdue} overdue" if count.overdue else ""
        link = Link("Open", f"{reverse('desk:work')}?kind={key}")
        facts.append(Fact(kind.label if kind else key, f"{count.waiting}{late}", link))
    return {"facts": facts, "empty": Empty("Nothing waits for you.", good=True)}


def _learn(request: HttpRequest) -> Mapping[str, Any]:
    seen = visit(request)
    assert seen.user is not None
    open_ones = [one for one in learning_of(seen.user) if one.passed_at is None]
    facts = [
        Fact(one.module.title, due(one.due_on, seen.on) if one.due_on else "of your own accord",
             Link("Open", reverse("desk:module", args=[one.module.pk])))
        for one in open_ones
    ]  # fmt: skip
    return {"facts": facts, "empty": Empty("Nothing to learn just now.", good=True)}
