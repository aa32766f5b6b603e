"""`lamplighter ring`: a telephone system for the demo: it tells the running server of a call, signed as a real one."""

from __future__ import annotations

import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import click


@click.command()
@click.argument("number")
@click.option("--at", "username", default="dana", show_default=True, help="The login at whose desk it rings.")
@click.option("--for", "seconds", default=0, help="Take the call at once, and hang up after so many seconds.")
@click.option("--server", default="http://127.0.0.1:8000", show_default=True, help="Where the demo is served.")
@click.option("--token", envvar="LAMPLIGHTER_GATEWAY_TOKEN", default="marisol-bay", help="Signs what is told.")
def ring(number: str, username: str, seconds: int, server: str, token: str) -> None:
    """Let a call from NUMBER ring at a desk of the demo."""
    from lamplighter.notices.gateways.texting import signature

    key, url = f"CA{uuid4().hex}", f"{server}/hooks/calls/"
    for state in ("ringing", "in-progress", "completed") if seconds else ("ringing",):
        if state == "completed":
            time.sleep(seconds)
        fields = {"CallSid": key, "CallStatus": state, "From": number, "To": f"client:{username}",
                  "Direction": "inbound"}  # fmt: skip
        headers = {"X-Twilio-Signature": signature(token, url, fields)}
        try:
            with urlopen(Request(url, urlencode(fields).encode(), headers), timeout=10):  # noqa: S310 - as was asked
                click.echo(f"{state}: {number} at {username}'s desk")
        except HTTPError as refused:
            raise click.ClickException(f"{refused.code}: {refused.read().decode('utf-8', 'replace')}") from refused
        except URLError as absent:
            raise click.ClickException(f"No server answers at {server}: {absent.reason}") from absent
