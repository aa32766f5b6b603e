"""Where the bills of the last month are on their way, the print shop's jobs, and one job or piece with its proof."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse

from lamplighter.billing.models import Bill, BillPiece, Insert, PieceStep, PrintJob
from lamplighter.billing.queries.dispatch import Way, issued_lately, ways
from lamplighter.kernel.money import total
from lamplighter.platform.models import Run
from lamplighter.platform.queries.files import path_of
from lamplighter.web.access import needs, permissions
from lamplighter.web.desk.mailing.tables import STATES, STEPS, Inserts, Jobs, Pieces, WayRows, state_of
from lamplighter.web.loading import load_account, note_access
from lamplighter.web.naming import customer_of, named, names_of
from lamplighter.web.ui.panels import Panel, page
from lamplighter.web.ui.parts import Action, Alert, Badge, Chip, Crumb, Empty, Entry, Fact, Level, Link, Tile, Tone
from lamplighter.web.ui.tables import grid, table_page
from lamplighter.web.ui.wording import moment
from lamplighter.web.visits import visit

MAILING = Crumb("Bills on paper", "/desk/mailing/")
RUN = "billing.print"


@needs("billing.run")
def listed(request: HttpRequest) -> HttpResponseBase:
    """How the bills of the last two months go out, counted, and the jobs that carry those on paper."""
    on = visit(request).on
    jobs = PrintJob.objects.annotate(by_name=named("made_by")).order_by("-id")
    newest = Run.objects.filter(kind=RUN).order_by("-id").first()
    waiting = issued_lately(on=on).filter(way=Way.TO_PRINT).count()
    make = Action("Make the print shop's file", reverse("desk:do-print-bills"), key="p", primary=True)
    return page(
        request, title="Bills on paper",
        actions=[
            *([make] if waiting else []),
            Action("Mail came back", reverse("desk:do-find-piece"), key="b"),
            Action("Inserts", reverse("desk:inserts"), key="i", panel=False),
        ],
        panels=[
            Panel("ways", "", "desk/accounts/tiles.html",
                  lambda: {"tiles": way_tiles(issued_lately(on=on), reverse("desk:mailing-bills"))}, "top",
                  frame=False),
            *([Panel("run", "The last run", "desk/cycles/run.html",
                     lambda: {"run": newest, "ended": bool(newest.ended_at)})] if newest else []),
            Panel("jobs", "Jobs", "ui/tables/grid.html", lambda: {
                "grid": grid(request, table=Jobs, rows=jobs, caption="Jobs", name="jobs",
                             empty=Empty("No file was made for the print shop yet."))}),
        ],
    )  # fmt: skip


def way_tiles(bills: QuerySet[Bill], url: str = "") -> list[Tile]:
    """All of these bills, then each way with its count and money; those add up to the first. `url` lists them."""
    found = ways(bills)
    tones = {Way.TO_PRINT: Tone.WATCH, Way.CAME_BACK: Tone.BAD}
    tiles = [
        Tile(one.way.label, one.count, f"ask for {one.due}", tones.get(one.way, Tone.PLAIN),
             f"{url}?way={one.way}" if url else "")
        for one in found
    ]  # fmt: skip
    count, due = sum(one.count for one in found), total(one.due for one in found)
    return [Tile("Bills", count, f"ask for {due}; each goes one of these ways", url=url), *tiles]


@needs("billing.run")
def bills(request: HttpRequest) -> HttpResponseBase:
    """The bills behind a count."""
    asked = request.GET.get("way", "")
    chosen = [Way(asked)] if asked in set(Way) else list(Way)
    rows = issued_lately(on=visit(request).on).filter(way__in=chosen).select_related("account")
    here = reverse("desk:mailing-bills")
    chips = [Chip("All", here, on=len(chosen) > 1),
             *(Chip(way.label, f"{here}?way={way}", on=chosen == [way]) for way in Way)]  # fmt: skip
    return table_page(
        request, title="How bills go out", table=WayRows, crumbs=[MAILING], chips=chips, chips_label="Where they are",
        rows=rows.annotate(customer=customer_of("account")).order_by("-issued_on", "-pk"),
        empty=Empty("No bill of the last two months is there."),
    )  # fmt: skip


@needs("billing.run")
def job(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file with its manifest; its report is read from here."""
    made = load_job(pk)
    rows = made.contents.select_related("bill").prefetch_related("steps").annotate(
        customer=customer_of("bill__account")
    )  # fmt: skip
    acts = [Action("The file", reverse("desk:print-job-file", args=[pk]), key="f", primary=not made.reported_at,
                   panel=False, icon="download")]  # fmt: skip
    if made.reported_at is None:
        acts.append(Action("Read its report", reverse("desk:do-mailing-report", args=[pk]), key="r"))
    done = made.reported_at is not None
    return page(
        request, title="Job for the print shop", number=made.number, crumbs=[MAILING], actions=acts,
        badges=[Badge("Report read", Tone.GOOD) if done else Badge("No report yet", Tone.WATCH)],
        panels=[
            Panel("manifest", "Manifest", "ui/tables/grid.html", lambda: {
                "grid": grid(request, table=Pieces, rows=rows.order_by("place"), caption="Manifest",
                             name="manifest")}),
            Panel("facts", "The job", "desk/accounts/facts.html", lambda: {"facts": _facts(request, made)}, "side"),
        ],
    )  # fmt: skip


@needs("billing.run")
def job_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Names and addresses leave the house with it: who took it is kept."""
    made = load_job(pk)
    note_access(request, made.subject, "billing.run")
    return FileResponse(
        path_of(made.file_id).open("rb"), content_type=made.file.media_type, as_attachment=True,
        filename=f"{made.number}.zip",
    )  # fmt: skip


@needs("accounts.view", "billing.view")
def piece(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One envelope: which bill, by which barcode, and what became of it when."""
    found = load_piece(request, pk)
    acts = {step.act for step in found.steps.all()}
    actions = []
    if "notices.send" in permissions(request):
        if PieceStep.Act.RETURNED in acts and PieceStep.Act.AGAIN not in acts:
            actions.append(Action("Send it again", reverse("desk:do-piece-again", args=[pk]), key="s", primary=True))
        elif acts & {PieceStep.Act.MAILED, PieceStep.Act.REMADE} and PieceStep.Act.RETURNED not in acts:
            actions.append(Action("It came back", reverse("desk:do-piece-returned", args=[pk]), key="b"))
    state = state_of(found)
    here = reverse("desk:account", args=[found.bill.account.number])
    return page(
        request, title=f"Bill {found.bill.number} on paper", number=found.number, actions=actions,
        crumbs=[Crumb(found.bill.account.number, here)], badges=[Badge(state, STATES[state])],
        alerts=_alerts(acts),
        panels=[
            Panel("steps", "What became of it", "lead/conditions/listed.html",
                  lambda: {"entries": _steps(found), "empty": Empty("It is at the print shop.")}),
            Panel("facts", "The piece", "desk/accounts/facts.html", lambda: {"facts": _piece_facts(found)}, "side"),
        ],
    )  # fmt: skip


@needs("billing.run")
def inserts(request: HttpRequest) -> HttpResponseBase:
    """What else lies in the envelopes."""
    return table_page(
        request, title="Inserts", table=Inserts, rows=Insert.objects.order_by("-period", "code"), crumbs=[MAILING],
        empty=Empty("Nothing but the bill goes into an envelope."),
        actions=[Action("Add an insert", reverse("desk:do-insert"), key="a", primary=True)],
    )  # fmt: skip


def load_job(pk: int) -> PrintJob:
    made = PrintJob.objects.filter(pk=pk).select_related("file").first()
    if made is None:
        raise Http404(f"There is no job P-{pk}.")
    return made


def load_piece(request: HttpRequest, pk: int, to: str = "billing.view") -> BillPiece:
    rows = BillPiece.objects.select_related("bill__account", "job", "replaces").prefetch_related("steps")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such piece.")
    load_account(request, found.bill.account.number, to=to)
    return found


def _facts(request: HttpRequest, made: PrintJob) -> list[Fact]:
    on = visit(request).on
    facts = [
        Fact("Pieces", f"{made.pieces:,}"), Fact("Pages", f"{made.pages:,}"), Fact("Bills ask for", made.amount),
        Fact("Made", moment(made.made_at, on)), Fact("By", names_of([made.made_by])[made.made_by]),
        Fact("SHA-256 of the file", made.file_id),
    ]  # fmt: skip
    if made.reported_at:
        facts.append(Fact("Report read", moment(made.reported_at, on)))
    return facts


def _piece_facts(found: BillPiece) -> list[Fact]:
    number = found.bill.account.number
    return [
        Fact("Bill", found.bill.number, Link("Open", reverse("desk:bill", args=[number, found.bill.number]))),
        Fact("Why on paper", found.get_why_display()),
        *_replaced(found),
        Fact("Pages", f"{found.pages}, from page {found.first_page} of {found.job.number}"),
        Fact("Barcode", found.tracking or "none: no mailer identifier is set"),
        Fact("Inserts", ", ".join(found.inserts) or "none"),
    ]  # fmt: skip


def _replaced(found: BillPiece) -> list[Fact]:
    if found.replaces is None:
        return []
    first = Link("Open", reverse("desk:bill-piece", args=[found.replaces.pk]))
    return [Fact("In place of", found.replaces.number, first)]


def _steps(found: BillPiece) -> list[Entry]:
    steps = sorted(found.steps.all(), key=lambda step: step.pk)
    return [
        Entry(step.on, Badge(step.get_act_display(), STEPS[PieceStep.Act(step.act)]),
              step.words or step.get_act_display(), f"Proof {step.proof}" if step.proof else "")
        for step in steps
    ]  # fmt: skip


def _alerts(acts: set[str]) -> list[Alert]:
    if PieceStep.Act.RETURNED not in acts or PieceStep.Act.AGAIN in acts:
        return []
    words = "Set the right mailing address, then send it again. Until then no notice of shut-off counts for it."
    return [Alert(Level.WATCH, "Nobody got this bill", words)]
