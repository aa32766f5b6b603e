"""Long work as a page follows it: `/runs/17/` tells how far it is and how it ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lamplighter.platform.models import Run
from lamplighter.web.access import staff_only
from lamplighter.web.ui import htmx

ENDED = {Run.State.DONE, Run.State.FAILED}


@staff_only
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The fragment asks for itself again each second until the run has ended; then the page hears `lamp:run-ended`."""
    found = get_object_or_404(Run, pk=pk)
    ended = found.state in ENDED
    template = "ui/runs/progress.html" if htmx.asks(request) else "ui/runs/page.html"
    response = render(
        request, template, {"run": found, "ended": ended, "title": found.subject[:1].upper() + found.subject[1:]}
    )
    htmx.vary(response)
    return htmx.tell(response, "lamp:run-ended", {"run": found.pk}) if ended and htmx.asks(request) else response
