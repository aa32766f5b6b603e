"""From a URL to an application, an enrollment or a program: through the account's own guard."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lamplighter.programs.models import Application, Enrollment, Program
from lamplighter.web.loading import load_account


def load_application(request: HttpRequest, number: str, *, to: str) -> Application:
    found = Application.objects.select_related("program", "account", "agreement", "household", "reasons")
    application = found.filter(number=number).first()
    if application is None:
        raise Http404(f"There is no application {number}.")
    load_account(request, application.account.number, to=to)
    return application


def load_enrollment(request: HttpRequest, pk: int, *, to: str) -> Enrollment:
    enrollment = Enrollment.objects.select_related("program", "account", "agreement").filter(pk=pk).first()
    if enrollment is None:
        raise Http404("There is no such enrollment.")
    load_account(request, enrollment.account.number, to=to)
    return enrollment


def load_program(code: str) -> Program:
    program = Program.objects.filter(code=code).first()
    if program is None:
        raise Http404(f"There is no program {code}.")
    return program
