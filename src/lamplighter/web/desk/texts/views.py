"""Policies and articles: the lists with their search, a text as it is in force, its versions and how two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.journeys.governing import told
from lamplighter.journeys.parameters import parameters
from lamplighter.policies.models import Text, Version
from lamplighter.policies.queries.texts import Standing, proposal_of, standing, texts
from lamplighter.policies.rules import compared
from lamplighter.web.access import actor, permissions, staff_only
from lamplighter.web.desk.texts.governed import page_of
from lamplighter.web.naming import names_of
from lamplighter.web.ui.markdown import rendered
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Crumb, Empty, Entry, Fact, Level, Link, Tone
from lamplighter.web.ui.tables import BadgeColumn, Column, DayColumn, NumberColumn, Table, table_page
from lamplighter.web.ui.wording import day, due
from lamplighter.web.visits import visit

TITLES = {Text.Kind.POLICY: "Policies", Text.Kind.ARTICLE: "Knowledge"}
LISTS = {Text.Kind.POLICY: "desk:policies", Text.Kind.ARTICLE: "desk:knowledge"}
TONES = {"In force": Tone.GOOD, "Proposed": Tone.NOTICE, "Draft": Tone.PLAIN, "To come": Tone.INFO,
         "Newer drafted": Tone.PLAIN, "Newer to come": Tone.INFO, "Over": Tone.PLAIN}  # fmt: skip
FACTS, LINES = "desk/accounts/facts.html", "key/entries.html"


class Texts(Table):
    """Texts from `texts`."""

    title = Column("Title", accessor="text__title")
    about = Column("About", accessor="text__get_about_display")
    state = BadgeColumn("State", tones=TONES)
    since = DayColumn("In force since", accessor="adoption__since", default="–")
    version = NumberColumn("Version", accessor="newest__number")
    owner = Column("Kept by", accessor="text__owner__name")
    review_on = DayColumn("Read again by", accessor="text__review_on", default="–")
    found = Column("Found in", default="")

    def row_url(self, record: Standing) -> str:
        return reverse("desk:text", args=[record.text.slug])


@staff_only
def policies(request: HttpRequest) -> HttpResponseBase:
    return _listed(request, Text.Kind.POLICY, "No policy was written yet: what the board decides, with its day.")


@staff_only
def knowledge(request: HttpRequest) -> HttpResponseBase:
    return _listed(request, Text.Kind.ARTICLE, "No article was written yet: how something is done here.")


@staff_only
def text(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What it says today, or as it is drafted while it was never in force."""
    found = load_text(slug)
    now = standing(found, on=visit(request).on)
    shown = now.adoption.version if now.adoption else now.newest
    return _page(request, found, now, shown, state=_state(shown, now, request))


@staff_only
def version(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """One version: a draft with the figures that it would change, or how it was."""
    found = load_version(slug, number)
    now = standing(found.text, on=visit(request).on)
    return _page(request, found.text, now, found, state=_state(found, now, request))


def load_text(slug: str) -> Text:
    found = Text.objects.filter(slug=slug).select_related("owner").first()
    if found is None:
        raise Http404("There is no such text.")
    return found


def load_version(slug: str, number: int) -> Version:
    found = Version.objects.filter(text__slug=slug, number=number).select_related("text__owner", "adoption").first()
    if found is None:
        raise Http404("There is no such version.")
    return found


def _listed(request: HttpRequest, kind: str, nothing: str) -> HttpResponseBase:
    q = request.GET.get("q", "").strip()
    write = "policies.write" in permissions(request)
    noun = Text.Kind(kind).label.lower()
    acts = [Action(f"Write {'an' if kind == Text.Kind.ARTICLE else 'a'} {noun}", reverse("desk:do-begin-text",
                   args=[kind]), key="a", primary=True, panel=False)] if write else []  # fmt: skip
    return table_page(
        request, title=TITLES[Text.Kind(kind)], table=Texts, rows=texts(on=visit(request).on, kind=kind, words=q),
        template="desk/texts/listed.html", q=q, actions=acts,
        empty=Empty(f"Nothing holds “{q}”." if q else nothing),
    )  # fmt: skip


def _page(request: HttpRequest, found: Text, now: Standing, shown: Version, *, state: str) -> HttpResponseBase:
    kind = Text.Kind(found.kind)
    versions = list(found.versions.select_related("adoption").order_by("-number"))
    names = names_of([one.drafted_by for one in versions] + [one.by for one in found.reviews.all()])
    changes = told(shown)
    return page(
        request, title=found.title, number=f"version {shown.number}",
        crumbs=[Crumb(TITLES[kind], reverse(LISTS[kind]))], badges=[Badge(state, TONES[state])],
        meta=[str(found.get_about_display()), f"Kept by {found.owner.name}"], actions=_actions(request, now, shown),
        alerts=_alerts(request, now, shown),
        panels=[
            Panel("words", "What it says", "desk/texts/words.html", lambda: {"html": rendered(shown.words)}),
            *([Panel("figures", "Figures that change with it", "desk/texts/figures.html", lambda: {"changes": changes})]
              if changes else []),
            *([Panel("compare", "What changed", "desk/texts/compared.html",
                     lambda: _compared(request, versions, shown))] if len(versions) > 1 else []),
            Panel("about", "About", FACTS, lambda: {"facts": _about(request, found, shown, names)}, "side"),
            *([Panel("governs", "Governs", "desk/texts/governs.html", lambda: _governs(request, shown), "side")]
              if kind == Text.Kind.POLICY else []),
            Panel("versions", "Versions", LINES, lambda: _versions(request, now, versions, names), "side"),
            Panel("reviews", "Reviews", LINES, lambda: _reviews(found, names), "side"),
        ],
    )  # fmt: skip


def _actions(request: HttpRequest, now: Standing, shown: Version) -> list[Action]:
    """A draft that waits for nobody is proposed; what is in force is drafted anew, or reviewed."""
    if "policies.write" not in permissions(request):
        return []
    slug, known = now.text.slug, parameters()
    acts = []
    if shown.pk == now.newest.pk:
        acts.append(Action("Draft a new version", reverse("desk:do-draft-text", args=[slug]), key="e", panel=False))
    if not hasattr(shown, "adoption"):
        if (asked := proposal_of(shown)) is None:
            here = [slug, shown.number]
            acts += [
                Action(f"Change {known[key].label.lower()}", reverse("desk:do-change-figures", args=[*here, key]))
                for key in shown.governs if key in known and known[key].figures
            ]  # fmt: skip
            acts.append(Action("Propose", reverse("desk:do-propose-text", args=here), key="p", primary=True))
        elif asked.asked_by == actor(request):
            acts.append(Action("Withdraw", reverse("desk:do-withdraw-text", args=[slug, shown.number])))
    if now.text.review_on is not None:
        acts.append(Action("Reviewed", reverse("desk:do-review-text", args=[slug]), key="r"))
    return [*acts, Action("Give to somebody", reverse("desk:do-give-text", args=[slug]))]


def _alerts(request: HttpRequest, now: Standing, shown: Version) -> list[Alert]:
    """What else there is to know: another version is in force, or one waits."""
    found, on = [], visit(request).on
    if now.text.review_on is not None and (now.text.review_on - on).days <= 14:
        found.append(Alert(Level.WATCH, f"To be read again {due(now.text.review_on, on)}", "Does it still hold?"))
    current = now.adoption.version if now.adoption else None
    if current is not None and current.pk != shown.pk:
        link = Link("Read it", reverse("desk:text", args=[now.text.slug]))
        found.append(Alert(Level.WATCH, f"Version {current.number} is in force", "You are reading another.", link))
    elif now.newest.pk != shown.pk:
        link = Link("Read it", reverse("desk:text-version", args=[now.text.slug, now.newest.number]))
        found.append(Alert(Level.KNOW, f"Version {now.newest.number}: {now.state.lower()}", now.newest.why, link))
    return found


def _about(request: HttpRequest, found: Text, shown: Version, names: Mapping[Any, str]) -> list[Fact]:
    on, adoption = visit(request).on, getattr(shown, "adoption", None)
    drafted = Fact("Drafted by", f"{names[shown.drafted_by]}, {day(shown.drafted_at.date(), on)}")
    facts = [drafted, Fact("Why", shown.why), *([Fact("Resolution", shown.citation)] if shown.citation else [])]
    if adoption is not None:
        adopter = names_of([adoption.adopted_by])[adoption.adopted_by]
        facts += [Fact("In force from", day(adoption.since, on)), Fact("Adopted by", adopter)]
    elif asked := proposal_of(shown):
        facts.append(Fact("Proposed", "It waits for a second person", Link("Open", reverse("lead:approval",
                          args=[asked.pk]))))  # fmt: skip
    return [*facts, *([Fact("Read again by", day(found.review_on, on))] if found.review_on else [])]


def _governs(request: HttpRequest, shown: Version) -> Mapping[str, Any]:
    """Each parameter with its figures of today, so that words and figures can be held side by side."""
    known, on = parameters(), visit(request).on
    rows = []
    for key in shown.governs:
        if one := known.get(key):
            now = one.now(on)
            figures = [Fact(each.label, each.words(now[each.name])) for each in one.figures]
            rows.append({"label": one.label, "facts": figures, "link": page_of(request, one)})
    return {"rows": rows, "empty": Empty("It governs no figures.")}


def _versions(
    request: HttpRequest, now: Standing, versions: Sequence[Version], names: Mapping[Any, str]
) -> Mapping[str, Any]:
    entries = []
    for one in versions:
        state = _state(one, now, request)
        since = f"from {day(one.adoption.since)}" if hasattr(one, "adoption") else "a draft"
        entries.append(
            Entry(one.drafted_at, Badge(state, TONES[state]), f"{one.number}: {one.why}",
                  f"{names[one.drafted_by]} · {since}",
                  Link("Read", reverse("desk:text-version", args=[now.text.slug, one.number])))
        )  # fmt: skip
    return {"entries": entries}


def _state(one: Version, now: Standing, request: HttpRequest) -> str:
    adoption = getattr(one, "adoption", None)
    if adoption is None:
        return "Proposed" if now.proposed and now.proposed.subject == one.subject else "Draft"
    if now.adoption is not None and adoption.pk == now.adoption.pk:
        return "In force"
    return "To come" if adoption.since > visit(request).on else "Over"


def _reviews(found: Text, names: Mapping[Any, str]) -> Mapping[str, Any]:
    rows = found.reviews.select_related("words").order_by("-id")
    entries = [Entry(one.at, Badge("Still holds", Tone.GOOD), str(one.words),
                     f"{names[one.by]} · again by {day(one.next_on)}") for one in rows]  # fmt: skip
    return {"entries": entries, "empty": Empty("Nobody has reviewed it yet.")}


def _compared(request: HttpRequest, versions: Sequence[Version], shown: Version) -> Mapping[str, Any]:
    """The versions that were chosen, or this one and the one before it; the first beside the one after it."""
    numbers = {one.number: one for one in versions}
    latest = shown if shown.number > 1 else numbers.get(shown.number + 1, shown)
    after = numbers.get(_number(request, "to"), latest)
    before = numbers.get(_number(request, "from"), numbers.get(after.number - 1, after))
    return {"versions": versions, "before": before, "after": after,
            "lines": compared(before.words, after.words)}  # fmt: skip


def _number(request: HttpRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return int(said) if said.isdecimal() else 0
