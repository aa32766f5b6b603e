"""Load the templates that come with the program, for a utility to start from."""

from __future__ import annotations

from datetime import datetime

from lamplighter.kernel.actors import Actor, ActorKind, system
from lamplighter.notices.models import Template
from lamplighter.notices.operations.templates import adopt, draft_template
from lamplighter.notices.rules.starter import starter_contents
from lamplighter.platform.transactions import in_transaction

AUTHOR = system("starter-templates")


@in_transaction
def load_starter_templates(*, by: Actor, at: datetime, demo_town: bool = False) -> list[Template]:
    """Draft every starter template that the utility has no version of; what was drafted.

    In the demo town alone they are adopted at once, draft translations and all: nobody there is real.
    """
    assert not demo_town or by.kind is ActorKind.SYSTEM, "people adopt through an approval"
    drafted = []
    for content in starter_contents():
        if Template.objects.filter(code=content.code, channel=content.channel).exists():
            continue
        template = draft_template(content=content, by=AUTHOR, at=at)
        if demo_town:
            adopt(template, by=by, at=at)
        drafted.append(template)
    return drafted
