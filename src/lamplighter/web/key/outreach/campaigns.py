"""Campaigns: whom they mean with the reason for each, what they say, sending, replies, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from lamplighter.keyaccounts.models import Gathering
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.drafts import CannotCompose
from lamplighter.outreach.models import Campaign, Reply, Target
from lamplighter.outreach.operations import campaigns as running
from lamplighter.outreach.queries.audience import Audience, audience
from lamplighter.outreach.queries.letters import samples
from lamplighter.outreach.queries.results import results
from lamplighter.outreach.queries.segments import names
from lamplighter.outreach.rules.segments import CannotReach
from lamplighter.programs.models import Program
from lamplighter.web.access import actor, needs, permissions
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.forms import Sure
from lamplighter.web.key.outreach import forms
from lamplighter.web.key.outreach.shown import letters
from lamplighter.web.ui.formpanel import Done, form_panel
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Badge, Crumb, Empty, Fact, Tile, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, NumberColumn, Table, grid, table_page
from lamplighter.web.visits import visit

CAMPAIGNS = Crumb("Campaigns", "/key/campaigns/")
REFUSALS = (CannotReach, CannotCompose)


class Campaigns(Table):
    """Campaigns from `_rows`."""

    name = Column("Campaign")
    segment = Column("To whom", orderable=False)
    state = BadgeColumn("State", tones={"Planned": Tone.INFO, "Running": Tone.GOOD})
    written = NumberColumn("Written to")
    interested = NumberColumn("Interested")
    owner = Column("Manager")

    def row_url(self, record: Any) -> str:
        return reverse("key:campaign", args=[record["slug"]])


class People(Table):
    """Everybody of the segment, from `Recipient`s."""

    who = Column("Customer", accessor="match__person__name")
    account = Column("Account", accessor="match__account__number")
    why = Column("Why", empty_values=(), orderable=False)
    way = Column("By", accessor="channel__label")
    language = Column("In")

    def render_language(self, value: str) -> str:
        return Language(value).label

    def value_language(self, value: str) -> str:
        return Language(value).label

    refused = Column("Not written to", default="")

    def render_why(self, record: Any) -> str:
        return ", ".join(record.match.why)

    def value_why(self, record: Any) -> str:
        return self.render_why(record)


class Written(Table):
    """Whom the campaign wrote to, from `_written`."""

    person = Column("Customer", accessor="person__name", order_by="person__sort_name")
    account = Column("Account", accessor="account__number", order_by="account__number")
    why = Column("Why")
    written_at = DayColumn("Written on", accessor="written_at")
    said = Column("They said", empty_values=(), orderable=False)

    def render_said(self, record: Any) -> str:
        return ", ".join(reply.get_said_display() for reply in record.replies.all())

    def value_said(self, record: Any) -> str:
        return self.render_said(record)

    def row_url(self, record: Any) -> str:
        return reverse("key:do-reply", args=[record.campaign.slug, record.pk])


@needs("keyaccounts.view")
def listed(request: HttpRequest) -> HttpResponseBase:
    may = "keyaccounts.work" in permissions(request)
    return table_page(
        request, title="Campaigns", table=Campaigns, rows=_rows(visit(request).on),
        actions=[Action("Plan a campaign", reverse("key:do-campaign"), key="a", primary=True)] if may else [],
        empty=Empty("No campaign was planned yet: an offer to customers who have something in common."),
    )  # fmt: skip


@needs("keyaccounts.view")
def campaign(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One campaign: what came of it, whom it reaches now and why, what it says, and whom it wrote to."""
    found, on = load_campaign(slug), visit(request).on
    reached = audience(found, on=on)
    return page(
        request, title=found.name, crumbs=[CAMPAIGNS], badges=[_state(found, written=found.targets.count())],
        meta=[forms.segment_words(found, names(on=on)), found.get_by_way_of_display(), f"Manager: {found.owner.name}"],
        actions=_actions(request, found, reached),
        panels=[
            Panel("results", "What came of it", "key/outreach/tiles.html", lambda: {"tiles": _tiles(found)}, "top",
                  frame=False),
            Panel("audience", "Whom it reaches now", "key/outreach/audience.html", lambda: _audience(request, reached)),
            Panel("written", "Written to", "ui/tables/grid.html", lambda: {"grid": grid(
                request, table=Written, rows=_written(found), caption="Written to", name="written",
                empty=Empty("Nobody was written to yet."))}),
            Panel("letters", "As it is read", "key/outreach/letters.html",
                  lambda: _letters(request, found, reached), "side"),
        ],
    )  # fmt: skip


@needs("keyaccounts.work")
def plan(request: HttpRequest) -> HttpResponse:
    now = visit(request)

    def act(form: forms.NewCampaign) -> str:
        said = form.cleaned_data
        return running.plan_campaign(
            name=said["name"], segment=said["segment"].kept, by_way_of=said["by_way_of"], topic=said["topic"],
            owner=user_of(now), program=Program.objects.filter(code=said["program"]).first(),
            gathering=Gathering.objects.filter(slug=said["gathering"]).first(), by=actor(request), at=now.at,
        ).slug  # fmt: skip

    return form_panel(
        request, title="Plan a campaign", form=lambda *args: forms.NewCampaign(*args, now=now), act=act,
        submit="Plan it", back=CAMPAIGNS.url, crumbs=[CAMPAIGNS], refusals=REFUSALS,
        done=lambda slug: Done("Planned. Now write what it says.", url=reverse("key:campaign", args=[slug])),
    )  # fmt: skip


@needs("keyaccounts.work")
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """What it says, language by language."""
    found, now = load_campaign(slug), visit(request)
    first = found.words.filter(language=request.GET.get("language", "en")).first()
    known = {"language": first.language, "about": first.about, "words": first.words} if first else {}

    def act(form: forms.Words) -> str:
        said = form.cleaned_data
        running.word_campaign(campaign=found, language=said["language"], about=said["about"], words=said["words"],
                              by=actor(request), at=now.at)  # fmt: skip
        return "Kept."

    return _panel(request, found, "What it says", lambda *a: forms.Words(*a, initial=known), act)


@needs("keyaccounts.work")
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Exactly those letters that were counted and shown go out."""
    found, now = load_campaign(slug), visit(request)
    base = request.build_absolute_uri("/")

    def check(form: forms.Send) -> list[Fact]:
        reached = form.reached
        ways = sorted({one.channel.label for one in reached.written})
        shown = [Fact("Letters", len(reached.written)), Fact("By", ", ".join(ways) or "–"),
                 Fact("Left out", len(reached.left_out))]  # fmt: skip
        return shown + [
            Fact(f"{one.request.channel.label}, {one.rendered.language.label}",
                 one.rendered.sheets[0].subject or one.rendered.sheets[0].body)
            for one in form.samples
        ]  # fmt: skip

    def act(form: forms.Send) -> str:
        sent = running.send_campaign(campaign=found, shown=form.cleaned_data["digest"], page=base, on=now.on,
                                     by=actor(request), at=now.at)  # fmt: skip
        refused = f" Not written: {'; '.join(sent.refused[:3])}" if sent.refused else ""
        return f"{sent.letters:,} letters are in the outbox.{refused}"

    return _panel(
        request, found, "Send it", lambda *a: forms.Send(*a, campaign=found, page=base, now=now), act,
        submit="Look at it once more", check=check,
    )  # fmt: skip


@needs("keyaccounts.work")
def reply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Somebody answered on the phone, by email or in person."""
    found, now = load_campaign(slug), visit(request)
    target = Target.objects.filter(pk=pk, campaign=found).select_related("person", "account", "campaign__owner").first()
    if target is None:
        raise Http404("This campaign did not write to them.")

    def act(form: forms.ReplyOf) -> str:
        said = form.cleaned_data
        running.keep_reply(target=target, said=said["said"], how=said["how"], words=said["words"], on=now.on,
                           by=actor(request), at=now.at)  # fmt: skip
        return {
            Reply.Said.YES: "Kept: a lead with its follow-up.",
            Reply.Said.STOP: "Kept: no more offers to them.",
        }.get(said["said"], "Kept.")

    return _panel(request, found, f"{target.person.name} answered", forms.ReplyOf, act)


@needs("keyaccounts.work")
def end(request: HttpRequest, slug: str) -> HttpResponse:
    found = load_campaign(slug)

    def act(_form: object) -> str:
        running.end_campaign(campaign=found, by=actor(request), at=visit(request).at)
        return "It ended. Answers and leads go on."

    return _panel(request, found, "End the campaign", Sure, act, submit="End it")


def load_campaign(slug: str) -> Campaign:
    found = Campaign.objects.filter(slug=slug).select_related("owner", "program", "gathering").first()
    if found is None:
        raise Http404("There is no such campaign.")
    return found


def _panel(
    request: HttpRequest, found: Campaign, title: str, form: Any, act: Any, *, submit: str = "Save", check: Any = None
) -> HttpResponse:
    here = reverse("key:campaign", args=[found.slug])
    return form_panel(request, title=title, form=form, act=act, submit=submit, back=here, check=check, done=Done,
                      crumbs=[CAMPAIGNS, Crumb(found.name, here)], refusals=REFUSALS)  # fmt: skip


def _actions(request: HttpRequest, found: Campaign, reached: Audience) -> list[Action]:
    if found.ended_at is not None or "keyaccounts.work" not in permissions(request):
        return []
    worded, slug = found.words.exists(), [found.slug]
    count = len(reached.written)
    acts = [
        Action("Write what it says", reverse("key:do-words", args=slug), key="w", primary=not worded),
        Action("End it", reverse("key:do-end-campaign", args=slug), key="e"),
    ]
    if worded and count:
        label = f"Send {count:,} letter{'' if count == 1 else 's'}"
        acts.insert(0, Action(label, reverse("key:do-send", args=slug), key="s", primary=True))
    return acts


def _state(found: Campaign, *, written: int) -> Badge:
    if found.ended_at is not None:
        return Badge("Ended")
    return Badge("Running", Tone.GOOD) if written else Badge("Planned", Tone.INFO)


def _rows(on: date) -> list[dict[str, Any]]:
    words = names(on=on)
    rows = Campaign.objects.select_related("owner").annotate(
        written=Count("targets", distinct=True),
        interested=Count("targets__replies", filter=Q(targets__replies__said=Reply.Said.YES), distinct=True),
    )
    return [
        {
            "slug": one.slug, "name": one.name, "segment": forms.segment_words(one, words), "owner": one.owner.name,
            "state": _state(one, written=one.written).text, "written": one.written, "interested": one.interested,
        }
        for one in rows.order_by("-planned_at")
    ]  # fmt: skip


def _tiles(found: Campaign) -> list[Tile]:
    came = results(found)
    tiles = [
        Tile("Written to", came.written, f"{came.left:,} left us, {came.failed:,} came back"),
        Tile(
            "Answered", came.answered, f"{came.interested} interested, {came.not_now} not now, {came.no_more} no more"
        ),
        Tile("Leads", came.leads_open + came.leads_won, f"{came.leads_open} open, {came.leads_won} went ahead"),
    ]
    if found.program is not None:
        tiles.append(Tile("Enrolled", came.enrolled, f"in {found.program.name} after the letter"))
    if found.gathering is not None:
        tiles.append(Tile("Signed up", came.signed, f"for {found.gathering.name}"))
    return tiles


def _audience(request: HttpRequest, reached: Audience) -> Mapping[str, Any]:
    shown = grid(
        request, table=People, rows=list(reached.recipients), caption="Whom it reaches now", name="audience",
        empty=Empty("Nobody has all of this in common. Ask for less."),
    )  # fmt: skip
    return {"grid": shown, "said": f"{len(reached.written):,} of {len(reached.recipients):,} would be written to."}


def _letters(request: HttpRequest, found: Campaign, reached: Audience) -> Mapping[str, Any]:
    base = request.build_absolute_uri("/")
    try:
        made = samples(found, reached, page=base, on=visit(request).on)
    except CannotReach as why:
        return {"empty": Empty(str(why))}
    shown = letters(made)
    if not shown:  # everybody was written to: what it says
        shown = [
            {"way": "Its words", "tag": one.language, "language": one.get_language_display(), "subject": one.about,
             "body": one.words, "notes": []}
            for one in found.words.order_by("pk")
        ]  # fmt: skip
    return {"letters": shown, "empty": Empty("Nobody would be written to.")}


def _written(found: Campaign) -> Any:
    rows = Target.objects.filter(campaign=found).select_related("person", "account", "campaign")
    return rows.prefetch_related("replies").order_by("person__sort_name")
