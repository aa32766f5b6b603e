"""Draft a template version, propose it, and adopt it by a second person."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from lamplighter.kernel.actors import Actor
from lamplighter.notices.languages import Language
from lamplighter.notices.models import Template, WordingRow
from lamplighter.notices.rules.wording import Content, Translation, check_content
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide, on_approval
from lamplighter.platform.operations.events import record
from lamplighter.platform.transactions import advisory_lock, in_transaction

ADOPTION, RETIREMENT = "notices.adoption", "notices.retirement"


class CannotDraft(Exception):
    """A template is refused; the message names each language, block and field that is wrong."""


class CannotAdopt(CannotDecide):
    """A template version can't be proposed, adopted or retired so."""


@in_transaction
def draft_template(*, content: Content, by: Actor, at: datetime) -> Template:
    """Keep the next version of a template as a draft. Its words never change; to correct them, draft again."""
    if findings := check_content(content):
        raise CannotDraft("\n".join(str(finding) for finding in findings))
    advisory_lock(f"notices.template {content.code} {content.channel}")
    last = Template.objects.filter(code=content.code, channel=content.channel).aggregate(last=Max("version"))["last"]
    template = Template.objects.create(
        code=content.code, channel=content.channel, version=(last or 0) + 1, title=content.title, basis=content.basis,
        fields=[{"name": each.name, "type": each.type, "sample": each.sample} for each in content.fields],
        drafted_by=by, drafted_at=at,
    )  # fmt: skip
    WordingRow.objects.bulk_create(
        WordingRow(
            template=template, language=wording.language, translation=wording.translation,
            blocks=[[name, text.strip()] for name, text in wording.blocks],
        )
        for wording in content.wordings
    )  # fmt: skip
    _tell("drafted", template, by=by, at=at)
    return template


@in_transaction
def propose(*, template: Template, by: Actor, at: datetime, remark: str = "") -> Approval:
    """Put a draft before whoever may adopt it. Draft translations are refused: a utility sends certified ones.

    A version whose proposal was refused or withdrawn may be proposed again.
    """
    found = Template.objects.select_for_update().get(pk=template.pk)
    if found.state not in (Template.State.DRAFT, Template.State.PROPOSED):
        raise CannotAdopt(f"{found} is {found.state} already.")
    if unsure := [row.language for row in found.wordings.order_by("id") if row.translation == Translation.DRAFT]:
        names = ", ".join(Language(tag).label for tag in unsure)
        raise CannotAdopt(f"These translations are drafts: {names}. Have them certified, or draft without them.")
    found.state, found.proposed_by, found.proposed_at = Template.State.PROPOSED, by, at
    found.save(update_fields=["state", "proposed_by", "proposed_at"])
    _tell("proposed", found, by=by, at=at)
    return approvals.ask(
        kind=ADOPTION, subject=found.key, summary=f"Adopt the template {found}", permission="notices.adopt",
        proposal={"template": found.pk, "code": found.code, "channel": found.channel, "version": found.version},
        by=by, at=at, remark=remark,
    )  # fmt: skip


@on_approval(ADOPTION)
def adopt_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """A second person approved: this version is in force, and the one before it is retired."""
    template = Template.objects.select_for_update().get(pk=approval.proposal["template"])
    if template.state != Template.State.PROPOSED:
        raise CannotAdopt(f"{template} is {template.state}; propose it again.")
    if template.drafted_by == by:
        raise CannotAdopt("Nobody adopts a template that they drafted. Ask a colleague.")
    adopt(template, by=by, at=at)


def adopt(template: Template, *, by: Actor, at: datetime) -> None:
    """Put a version in force in place of the one before; the database refuses its drafter."""
    advisory_lock(f"notices.template {template.code} {template.channel}")
    before = Template.objects.adopted().filter(code=template.code, channel=template.channel).first()
    if before and before.version > template.version:
        raise CannotAdopt(f"{before} was adopted since. Draft from it.")
    if before:
        retire(template=before, by=by, at=at)
    template.state, template.adopted_by, template.adopted_at = Template.State.ADOPTED, by, at
    template.save(update_fields=["state", "adopted_by", "adopted_at"])
    _tell("adopted", template, by=by, at=at)


@in_transaction
def ask_to_retire(*, template: Template, by: Actor, at: datetime, remark: str) -> Approval:
    """Propose that a version in force is used no more. Until another is adopted its notice is not written, so a second
    person decides."""
    found = Template.objects.select_for_update().get(pk=template.pk)
    if found.state != Template.State.ADOPTED:
        raise CannotAdopt(f"{found} is not in force; it needs no second person.")
    return approvals.ask(
        kind=RETIREMENT, subject=found.key, summary=f"Retire the template {found}", permission="notices.adopt",
        proposal={"template": found.pk, "code": found.code, "channel": found.channel, "version": found.version},
        by=by, at=at, remark=remark,
    )  # fmt: skip


@on_approval(RETIREMENT)
def retire_approved(approval: Approval, *, by: Actor, at: datetime) -> None:
    """A second person approved: the version goes out of use, unless another took its place since."""
    template = Template.objects.select_for_update().get(pk=approval.proposal["template"])
    if template.state != Template.State.ADOPTED:
        raise CannotAdopt(f"{template} is {template.state} already.")
    retire(template=template, by=by, at=at, remark=str(approval.ask_remark or ""))


@in_transaction
def retire(*, template: Template, by: Actor, at: datetime, remark: str = "") -> Template:
    """Use a version no more: one in force, or a draft that came to nothing. Notices composed from it stay."""
    found = Template.objects.select_for_update().get(pk=template.pk)
    if found.state == Template.State.RETIRED:
        raise CannotAdopt(f"{found} is retired already.")
    found.state, found.retired_by, found.retired_at = Template.State.RETIRED, by, at
    found.save(update_fields=["state", "retired_by", "retired_at"])
    _tell("retired", found, by=by, at=at, remark=remark)
    return found


def _tell(verb: str, template: Template, *, by: Actor, at: datetime, remark: str = "") -> None:
    record(
        f"notices.template.{verb}", subject=template.key, by=by, at=at, remark=remark,
        code=template.code, channel=template.channel, version=template.version,
    )  # fmt: skip
