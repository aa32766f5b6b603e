"""Texts as they stand on a day: what is in force, what is proposed or drafted, and what a search finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import Exists, OuterRef, Q, QuerySet

from lamplighter.platform.models import Approval
from lamplighter.policies.models import Adoption, Change, Text, Version
from lamplighter.policies.rules import digest

ADOPTION = "policies.adoption"
ENGLISH = "english"
MARKS = re.compile(r"[*_#|`]+")
"""What Markdown writes beside the words."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A text on a day: the adoption in force, if there is one, and the newest version, which may be a draft.
    `found` is where a search found it."""

    text: Text
    adoption: Adoption | None
    newest: Version
    proposed: Approval | None
    found: str = ""

    @property
    def state(self) -> str:
        if self.proposed is not None:
            return "Proposed"
        if self.adoption is None:
            return "Draft" if not hasattr(self.newest, "adoption") else "To come"
        if self.newest.pk == self.adoption.version_id:
            return "In force"
        return "Newer to come" if hasattr(self.newest, "adoption") else "Newer drafted"


def texts(
    *, on: date, kind: str = "", words: str = "", adopted: bool = False, most: int | None = None
) -> list[Standing]:
    """By title; with words to look for, what has them in its title or in the words in force, the best first. Only those
    in force where they are to be `adopted`, and no more than `most`: both are the database's to choose."""
    rows = Text.objects.select_related("owner").order_by("title")
    if kind:
        rows = rows.filter(kind=kind)
    if adopted:
        rows = rows.filter(Exists(Adoption.objects.filter(text=OuterRef("pk"), since__lte=on)))
    if not words.strip():
        return _standings(list(rows[:most]), on=on)
    found = _found(rows, words, on=on, most=most)
    known = rows.in_bulk(found)
    return _standings([known[pk] for pk in found], on=on, found=found)


def standing(text: Text, *, on: date) -> Standing:
    return _standings([text], on=on)[0]


def in_force(text: Text, *, on: date) -> Adoption | None:
    rows = Adoption.objects.filter(text=text, since__lte=on).select_related("version")
    return rows.order_by("-since").first()


def proposal_of(version: Version) -> Approval | None:
    """The request that waits for a second person, if one does."""
    return Approval.objects.filter(kind=ADOPTION, subject=version.subject, state=Approval.State.WAITING).first()


def governing(parameters: Collection[str], *, on: date) -> Mapping[str, list[Adoption]]:
    """The adoptions in force on a day whose version governs a parameter, by its key."""
    found: dict[str, list[Adoption]] = {key: [] for key in parameters}
    for adoption in _adopted(on):
        for key in adoption.version.governs:
            if key in found:
                found[key].append(adoption)
    return found


def changes_of(version: Version) -> dict[str, dict[str, str]]:
    """The figures that become others with a version, by their parameter."""
    return {change.parameter: change.figures for change in Change.objects.filter(version=version)}


def digest_of(version: Version) -> str:
    return digest(version.words, version.citation, version.governs, changes_of(version))


def _standings(rows: Sequence[Text], *, on: date, found: Mapping[int, str] | None = None) -> list[Standing]:
    newest: dict[int, Version] = {}
    versions = Version.objects.filter(text__in=rows).select_related("adoption", "text").order_by("text", "-number")
    for version in versions.distinct("text"):
        newest[version.text_id] = version
    held = {one.text_id: one for one in _adopted(on, rows)}
    subjects = {version.subject: version.text_id for version in newest.values()}
    waiting = Approval.objects.filter(kind=ADOPTION, subject__in=subjects, state=Approval.State.WAITING)
    proposed = {subjects[one.subject]: one for one in waiting}
    return [
        Standing(one, held.get(one.pk), newest[one.pk], proposed.get(one.pk), (found or {}).get(one.pk, ""))
        for one in rows
    ]


def _adopted(on: date, rows: Sequence[Text] | None = None) -> list[Adoption]:
    """The adoption of each text that is in force on a day."""
    found = _held(on).select_related("version", "text")
    if rows is not None:
        found = found.filter(text__in=rows)
    return list(found)


def _held(on: date) -> QuerySet[Adoption]:
    return Adoption.objects.filter(since__lte=on).order_by("text", "-since").distinct("text")


def _found(among: QuerySet[Text], words: str, *, on: date, most: int | None) -> dict[int, str]:
    """Texts by rank, each with the passage that was found: in what is in force, or else in what is drafted."""
    newest = Version.objects.exclude(text__adoptions__since__lte=on).order_by("text", "-number").distinct("text")
    query = SearchQuery(words, config=ENGLISH, search_type="websearch")
    vector = SearchVector("text__title", config=ENGLISH, weight="A") + SearchVector("words", config=ENGLISH, weight="B")
    rows = (
        Version.objects.filter(
            Q(pk__in=_held(on).values("version")) | Q(pk__in=newest.values("pk")),
            text__in=among.order_by().values("pk"),
        )
        .annotate(vector=vector, rank=SearchRank(vector, query))
        .annotate(said=SearchHeadline("words", query, config=ENGLISH, start_sel="", stop_sel="", max_words=30,
                                      min_words=20))
        .filter(vector=query).order_by("-rank", "text__title")[:most]
    )  # fmt: skip
    return {row.text_id: " ".join(MARKS.sub(" ", row.said).split()) for row in rows}
