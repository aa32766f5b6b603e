"""Compute what a notice would say, for one recipient or thousands: the preview and the composing share this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lamplighter.kernel.findings import Finding, Severity
from lamplighter.notices.channels import BadAddress, Channel, checked_address
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Sender, Template
from lamplighter.notices.queries.templates import LANGUAGE_LINE, adopted, content_of, sender
from lamplighter.notices.rules.fields import Value
from lamplighter.notices.rules.rendering import CannotRender, Rendered, render
from lamplighter.notices.rules.wording import Content


class CannotCompose(Exception):
    """A notice can't be composed; the message is fit to be read aloud."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to say to whom. `source` names what asks for it, so that it is composed once; `subject` and `recipient`
    are `kind:key`; `address` are the lines of an envelope, one email address or one telephone number.
    """

    code: str
    channel: Channel
    language: Language
    source: str
    subject: str
    recipient: str
    address: tuple[str, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    account: int | None = None
    replaces: int | None = None

    def __post_init__(self) -> None:
        assert self.source
        assert ":" in self.subject, f"kind:key, not {self.subject!r}"
        assert ":" in self.recipient, f"kind:key, not {self.recipient!r}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice before it is composed: the version by its id, and its words. `findings` keep nothing from being sent."""

    request: Request
    template: int
    version: int
    rendered: Rendered
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that can't be composed, and why; the others go on."""

    request: Request
    finding: Finding


@dataclass(frozen=True, slots=True)
class Drafted:
    drafts: tuple[Draft, ...]
    refused: tuple[Refused, ...]


def draft(request: Request) -> Draft:
    """What this notice would say. Raises CannotCompose, naming every missing or unknown field."""
    found = drafts([request])
    if found.refused:
        raise CannotCompose(str(found.refused[0].finding))
    return found.drafts[0]


def drafts(requests: Sequence[Request]) -> Drafted:
    """What these notices would say, each in its language; three queries whatever their number."""
    versions = adopted({request.code for request in requests} | {LANGUAGE_LINE})
    texts = {key: content_of(template) for key, template in versions.items()}
    utility = sender()
    done: list[Draft] = []
    refused: list[Refused] = []
    for request in requests:
        try:
            done.append(_draft(request, versions, texts, utility))
        except (CannotCompose, CannotRender, BadAddress) as why:
            refused.append(Refused(request, Finding("notices.refused", str(why))))
    return Drafted(tuple(done), tuple(refused))


def _draft(
    request: Request,
    versions: Mapping[tuple[str, Channel], Template],
    texts: Mapping[tuple[str, Channel], Content],
    utility: Sender,
) -> Draft:
    key = request.code, request.channel
    if key not in versions:
        raise CannotCompose(f"There is no adopted {request.channel} template {request.code!r}.")
    if request.channel is Channel.EMAIL and not utility.email:
        raise CannotCompose("The utility's email is not set. Set the sender first.")
    request = replace(request, address=checked_address(request.channel, request.address))
    rendered = render(
        texts[key], language=request.language, values=request.values, standing=utility.standing,
        line=texts.get((LANGUAGE_LINE, Channel.TEXT)),
    )  # fmt: skip
    return Draft(request, versions[key].pk, versions[key].version, rendered, tuple(_findings(request, rendered)))


def _findings(request: Request, rendered: Rendered) -> list[Finding]:
    found = []
    language = request.language.label
    if rendered.fallback:
        found.append(
            Finding(
                "notices.untranslated", f"{request.code} is not in {language}; it goes in English.", Severity.WARNING,
                remedy="Have the template translated.",
            )
        )  # fmt: skip
        if not any(each == rendered.wanted for each, _ in rendered.lines):
            found.append(
                Finding(
                    "notices.no-language-line", f"No language line in {language} is adopted.", Severity.WARNING,
                    remedy=f"Adopt the template {LANGUAGE_LINE}.",
                )
            )  # fmt: skip
    if rendered.draft_translation:
        found.append(Finding("notices.draft-translation", f"The {language} words are a draft.", Severity.WARNING))
    return found
