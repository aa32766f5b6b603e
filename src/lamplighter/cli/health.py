"""The WSGI application as it is served: Django's, behind a health check that answers when Django cannot.

`/healthz` tells load balancers and people whether the database answers, and nothing else. It goes past Django's
middleware, which would refuse a balancer's Host header and ask the lost database for a session.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import Error, close_old_connections, connection

from lamplighter.cli.watching import end_with_parent
from lamplighter.config.wsgi import application as django

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/healthz"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return healthz(start_response) if environ.get("PATH_INFO") == PATH else django(environ, start_response)


def healthz(start_response: StartResponse) -> Iterable[bytes]:
    """200 when the database answers, else 503."""
    status, words = ("200 OK", b"ok\n") if database_answers() else ("503 Service Unavailable", b"no database\n")
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("Content-Length", str(len(words)))]
    start_response(status, headers)
    return [words]


def database_answers() -> bool:
    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return False
    return True


end_with_parent()
