"""Finish, before anything else starts, a restoration that was broken off while it put the copy in place."""

from __future__ import annotations

import click


def finish_restore() -> None:
    from lamplighter.config.state import state_root
    from lamplighter.platform.backups import switching

    if (state_root() / switching.JOURNAL).exists():
        from lamplighter.cli.installation import here
        from lamplighter.platform.backups.refusals import CannotRestore

        ours = here()
        try:
            switching.finish(state=ours.state, url=ours.url)
        except CannotRestore as refused:
            raise click.ClickException(str(refused)) from refused
        click.echo("A restoration that was broken off has been finished.", err=True)
