"""What is done with announcements: planned, worded, asked for, moved, cancelled, confirmed, told again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lamplighter.outreach.models import Announcement
from lamplighter.outreach.operations import announcing
from lamplighter.outreach.queries.announced import log_of
from lamplighter.outreach.queries.announcements import proposal_of
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.platform.models import User
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.web.access import actor, needs
from lamplighter.web.key.announcing import forms
from lamplighter.web.key.announcing.views import NOTICES, load_announcement
from lamplighter.web.key.forms import Sure
from lamplighter.web.loading import load_account
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.parts import Crumb, Fact
from lamplighter.web.ui.wording import day
from lamplighter.web.visits import visit

News = Announcement.News
REFUSALS = (CannotReach, CannotDecide)


@needs("outages.communicate")
def plan(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.Plan) -> str:
        said = form.cleaned_data
        made = announcing.plan_announcement(
            kind=said["kind"], title=said["title"], whom=said["whom"], homes=said["homes"], day=said["day"],
            begins=said["begins"], ends=said["ends"], reason=said["reason"], phone=said["phone"],
            contact=User.objects.get(username=said["contact"]), on=now.on, by=actor(request), at=now.at,
        )  # fmt: skip
        return str(made.pk)

    return form_panel(
        request, title="Plan a notice", form=lambda *args: forms.Plan(*args, now=now), act=act, submit="Plan it",
        back=NOTICES.url, crumbs=[NOTICES], refusals=REFUSALS,
        done=lambda pk: Done("Planned. See whom it reaches.", url=reverse("key:notice", args=[int(pk)])),
    )  # fmt: skip


@needs("outages.communicate")
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change says, language by language."""
    found = load_announcement(pk)
    kept = found.words.filter(language=request.GET.get("language", "en")).first()
    known = {"language": kept.language, "about": kept.about, "words": kept.words} if kept else {}

    def act(form: forms.Words) -> str:
        said = form.cleaned_data
        announcing.word_announcement(announcement=found, language=said["language"], about=said["about"],
                                     words=said["words"], by=actor(request), at=visit(request).at)  # fmt: skip
        return "Kept."

    return _panel(request, found, "What changes", lambda *a: forms.Words(*a, initial=known), act)


@needs("outages.communicate")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The people and the letters that were counted and shown go to a second person."""
    found, now = load_announcement(pk), visit(request)

    def check(form: forms.Ask) -> list[Fact]:
        reached = form.found
        counts = [Fact(f"{channel}, {language}", count) for channel, language, count in reached.counts]
        left = [Fact(f"Not written to: {one.person.name}", one.refused) for one in reached.left_out]
        left += [Fact("Nobody is told at", one.number) for one in reached.missing]
        shown = [
            Fact(f"{one.request.channel.label}, {one.rendered.language.label}",
                 " ".join(one.rendered.sheets[0].body.split())[:400])
            for one in form.samples
        ]  # fmt: skip
        return [*counts, *left, Fact("Critical customers to confirm", len(reached.critical)), *shown]

    def act(form: forms.Ask) -> str:
        said = form.cleaned_data
        announcing.ask_to_send(announcement=found, shown=said["digest"], remark=said["remark"], on=now.on,
                               by=actor(request), at=now.at)  # fmt: skip
        return "It waits for a second person."

    return _panel(
        request, found, "Ask to send it", lambda *a: forms.Ask(*a, announcement=found, now=now), act,
        submit="Look at it once more", check=check,
    )  # fmt: skip


@needs("outages.communicate")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = load_announcement(pk)

    def act(_form: object) -> str:
        asked = proposal_of(found)
        if asked is None:
            raise CannotReach("It waits for nobody's decision.")
        approvals.withdraw(approval=asked, by=actor(request), at=visit(request).at)
        return "Withdrawn: it is only planned again."

    return _panel(request, found, "Withdraw it", Sure, act, submit="Withdraw")


@needs("outages.communicate")
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """It comes to nothing: nobody was told of it yet."""
    found = load_announcement(pk)

    def act(_form: object) -> str:
        announcing.drop_announcement(announcement=found, by=actor(request), at=visit(request).at)
        return "Dropped: nobody was told of it."

    return _panel(request, found, f"Drop “{found.title}”", Sure, act, submit="Drop it",
                  done=lambda said: Done(said, url=NOTICES.url))  # fmt: skip


@needs("outages.communicate")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """A second notice to the same people: another day."""
    found, now = load_announcement(pk), visit(request)

    def act(form: forms.Move) -> str:
        said = form.cleaned_data
        made = announcing.follow_announcement(
            first=found, news=News.MOVED, day=said["day"], begins=said.get("begins"), ends=said.get("ends"), on=now.on,
            by=actor(request), at=now.at,
        )  # fmt: skip
        return str(made.pk)

    return _panel(request, found, f"“{found.title}” moved", lambda *a: forms.Move(*a, announcement=found), act,
                  submit="Write the second notice", done=_second)  # fmt: skip


@needs("outages.communicate")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """A second notice to the same people: it does not take place."""
    found, now = load_announcement(pk), visit(request)

    def act(_form: object) -> str:
        made = announcing.follow_announcement(first=found, news=News.CANCELLED, day=None, on=now.on, by=actor(request),
                                              at=now.at)  # fmt: skip
        return str(made.pk)

    return _panel(request, found, f"“{found.title}” is cancelled", Sure, act, submit="Write the second notice",
                  done=_second)  # fmt: skip


@needs("keyaccounts.work", "accounts.view")
def confirm(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """Somebody at a critical customer said that they know."""
    found, account = load_announcement(pk), load_account(request, number, to="keyaccounts.work")

    def act(form: forms.Confirmed) -> str:
        said = form.cleaned_data
        announcing.confirm(announcement=found, account=account, who=said["who"], how=said["how"], by=actor(request),
                           at=visit(request).at)  # fmt: skip
        return f"{said['who']} confirmed {day(found.day, visit(request).on)}."

    return _panel(request, found, f"Confirmed by {account.number}", forms.Confirmed, act)


@needs("keyaccounts.work", "accounts.view")
def again(request: HttpRequest, pk: int, told: int) -> HttpResponse:
    """What failed goes out by another way."""
    found, now = load_announcement(pk), visit(request)
    logged = next((one for one in log_of(found) if one.told.pk == told), None)
    if logged is None:
        raise Http404("They were not told of this.")
    row = logged.told
    load_account(request, row.account.number, to="keyaccounts.work")

    def act(form: forms.Again) -> str:
        announcing.tell_again(told=row, channel=form.cleaned_data["channel"], on=now.on, by=actor(request), at=now.at)
        return f"{row.person.name} is told again."

    return _panel(
        request, found, f"Tell {row.person.name} again", lambda *a: forms.Again(*a, logged=logged, now=now), act,
        submit="Send it",
    )  # fmt: skip


def _second(pk: str) -> Done:
    return Done("Written. See whom it reaches.", url=reverse("key:notice", args=[int(pk)]))


def _panel(
    request: HttpRequest, found: Announcement, title: str, form: Any, act: Any, *, submit: str = "Save",
    check: Any = None, done: Any = Done,
) -> HttpResponse:  # fmt: skip
    here = reverse("key:notice", args=[found.pk])
    return form_panel(request, title=title, form=form, act=act, submit=submit, back=here, check=check, done=done,
                      crumbs=[NOTICES, Crumb(found.title, here)], refusals=REFUSALS)  # fmt: skip
