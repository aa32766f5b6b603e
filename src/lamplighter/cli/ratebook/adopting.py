"""Draft a tariff, put it before a second person, adopt it: at the command line as at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.utils import timezone

from lamplighter.cli.acting import person
from lamplighter.cli.days import today
from lamplighter.cli.ratebook.book import version_numbered
from lamplighter.cli.telling import finding_line
from lamplighter.platform.models import Approval
from lamplighter.platform.operations import approvals
from lamplighter.platform.operations.approvals import CannotDecide
from lamplighter.platform.transactions import unit_of_work
from lamplighter.tariffs import operations
from lamplighter.tariffs.models import Version
from lamplighter.tariffs.operations import ADOPTION, CannotAdopt


def draft(path: Path, *, customer_class: str, username: str) -> Version:
    by = person(username, needs="tariffs.draft", on=today())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise click.UsageError(f"{path} cannot be read: {fault}.") from fault
    with _told_clearly(str(path)), unit_of_work(by):
        return operations.draft(text=text, file=path.name, customer_class=customer_class, by=by, at=timezone.now())


def propose(number: int, *, username: str, remark: str) -> Version:
    by = person(username, needs="tariffs.draft", on=today())
    version = version_numbered(number)
    with _told_clearly(), unit_of_work(by):
        operations.propose(version=version, by=by, at=timezone.now(), remark=remark)
    return version


def adopt(number: int, *, username: str) -> Version:
    """Approve the proposal. Who drafted or proposed the version is refused."""
    by = person(username, needs="tariffs.adopt", on=today())
    version = version_numbered(number)
    waiting = Approval.objects.filter(kind=ADOPTION, subject=f"tariff:{number}", state=Approval.State.WAITING).first()
    if waiting is None:
        raise click.ClickException(f"Version {number} is not proposed: it is {version.get_state_display().lower()}.")
    if version.drafted_by == by:
        raise click.ClickException("Nobody adopts their own draft. Ask a colleague.")
    with _told_clearly(), unit_of_work(by):
        approvals.approve(approval=waiting, by=by, at=timezone.now())
    version.refresh_from_db()
    return version


@contextmanager
def _told_clearly(file: str = "") -> Iterator[None]:
    try:
        yield
    except CannotAdopt as refused:
        for finding in refused.findings:
            click.echo(finding_line(finding, file), err=True)
        raise click.ClickException(str(refused)) from refused
    except CannotDecide as refused:
        raise click.ClickException(str(refused)) from refused
