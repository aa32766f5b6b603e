"""Make and keep papers of a customer's own data; adopt the template that decks are made on."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.kernel.actors import Actor
from lamplighter.keyaccounts.documents import papers
from lamplighter.keyaccounts.documents.deck import opened
from lamplighter.keyaccounts.documents.papers import LetterWords
from lamplighter.keyaccounts.models import Paper, SlideTemplate
from lamplighter.keyaccounts.queries.papers import template_on
from lamplighter.keyaccounts.queries.story import Story
from lamplighter.platform.operations.events import record
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import in_transaction

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PDF = "application/pdf"


@in_transaction
def make_deck(*, story: Story, manager: str, by: Actor, at: datetime) -> tuple[Paper, Paper]:
    """The slides of a story as PowerPoint on the utility's template, and as PDF. Raises CannotKeep."""
    deck = papers.slides(story, manager=manager, template=template_on(story.on))
    shown = papers.slides_pdf(story, manager=manager)
    return _kept(story, Paper.Kind.DECK, deck, by=by, at=at), _kept(story, Paper.Kind.SLIDES, shown, by=by, at=at)


@in_transaction
def make_letter(*, story: Story, words: LetterWords, by: Actor, at: datetime) -> Paper:
    """The letter as it was worded. Raises CannotKeep where it would not stay on two pages."""
    return _kept(story, Paper.Kind.LETTER, papers.letter_pdf(story, words), by=by, at=at)


@in_transaction
def adopt_template(*, content: bytes, name: str, since: date, by: Actor, at: datetime) -> SlideTemplate:
    """From its day on, decks are made on this template. Raises CannotKeep, saying what it lacks."""
    opened(content)
    file, _ = store_file([content], name=name, media_type=PPTX, by=by, at=at)
    made = SlideTemplate.objects.create(since=since, file=file, adopted_at=at, adopted_by=by)
    record("keyaccounts.template.adopted", subject=f"slide-template:{made.pk}", by=by, at=at, since=since.isoformat())
    return made


def _kept(story: Story, kind: Paper.Kind, content: bytes, *, by: Actor, at: datetime) -> Paper:
    organisation, deck = story.organisation, kind is Paper.Kind.DECK
    name = f"{organisation.slug}-{kind}-{story.on.isoformat()}.{'pptx' if deck else 'pdf'}"
    file, _ = store_file([content], name=name, media_type=PPTX if deck else PDF, by=by, at=at)
    made = Paper.objects.create(
        organisation=organisation, agreement=story.service, kind=kind, file=file, made_at=at, made_by=by
    )
    record("keyaccounts.paper.made", subject=organisation.subject, by=by, at=at, kind=kind, paper=made.pk)
    return made
