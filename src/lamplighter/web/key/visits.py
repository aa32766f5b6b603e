"""A visit from a phone: what was seen, photos and the next step, kept on the phone until there is a signal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lamplighter.keyaccounts.models import Organisation, Touch
from lamplighter.keyaccounts.operations.relations import TouchIn, log_touch
from lamplighter.keyaccounts.queries.history import history, people_of
from lamplighter.keyaccounts.rules import CannotKeep
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import unit_of_work
from lamplighter.web.access import actor, needs
from lamplighter.web.field.views import service_worker
from lamplighter.web.key import forms
from lamplighter.web.key.acts import user_of
from lamplighter.web.key.loading import load_organisation
from lamplighter.web.ui.forms import problems
from lamplighter.web.uploads import PhotosField
from lamplighter.web.visits import visit

UNPROCESSABLE = 422


class VisitForm(forms.VisitNote):
    photos = PhotosField(label="Photos", required=False)


@needs("keyaccounts.work")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """On site: whom to ask for, what was said last, and the note."""
    found = load_organisation(slug)
    return render(request, "key/visit.html", {
        "title": f"Visit: {found}", "organisation": found, "form": VisitForm(),
        "people": people_of(found, on=visit(request).on), "last": history(organisation=found, limit=3),
    })  # fmt: skip


@needs("keyaccounts.work")
@require_POST
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Known by its draft: sent again it answers the same. For the phone's script as JSON, for a plain form a page."""
    found, script = load_organisation(slug), request.headers.get("Accept") == "application/json"
    try:
        with unit_of_work(actor(request)):
            _keep(request, found, VisitForm(request.POST, request.FILES))
    except CannotKeep as refusal:
        if script:
            return JsonResponse({"message": str(refusal)}, status=UNPROCESSABLE)
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("key:visit", args=[slug]), status=303)
    url = reverse("key:account", args=[slug])
    if script:
        return JsonResponse({"message": "The visit is noted.", "url": url})
    messages.success(request, "The visit is noted.")
    return HttpResponseRedirect(url, status=303)


@needs("keyaccounts.work")
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - every view takes the request
    """The service worker, from an address whose pages it may keep."""
    return service_worker()


def _keep(request: HttpRequest, found: Organisation, form: VisitForm) -> Touch:
    if not form.is_valid():
        raise CannotKeep(" ".join(problem.message for problem in problems(form)))
    said, by, now = form.cleaned_data, actor(request), visit(request)
    photos = tuple(
        store_file(file.chunks(), name=file.name or "photo", media_type=kind, by=by, at=now.at)[0].sha256
        for file, kind in said["photos"]
    )
    when = min(said["found_at"] or now.at, now.at)
    touch = TouchIn(said["draft"], Touch.Kind.VISIT, said["words"], when, photos, said["step"], said["step_due"])
    return log_touch(touch=touch, owner=user_of(now), organisation=found, by=by, at=now.at)
