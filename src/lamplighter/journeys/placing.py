"""Tell a collection agency what it has: one file of everything that it was not told yet."""

from __future__ import annotations

from datetime import date, datetime

from lamplighter.accounts.models import Agreement
from lamplighter.accounts.queries import profile
from lamplighter.credit.models import Agency, AgencyFile, AgencyNews
from lamplighter.credit.operations.agencies import keep_sent
from lamplighter.credit.queries.closed import SERVICE, owed_of
from lamplighter.credit.rules.writingoff import CannotWriteOff
from lamplighter.formats.agencies.placements import Placement, write_placements
from lamplighter.kernel.actors import Actor
from lamplighter.notices.queries import sender
from lamplighter.platform.operations.files import store_file
from lamplighter.platform.transactions import advisory_lock, in_transaction


@in_transaction
def make_file(*, agency: Agency, on: date, by: Actor, at: datetime) -> AgencyFile:
    """Write the file and keep it. Raises CannotWriteOff where there is nothing new to tell."""
    advisory_lock(f"agency:{agency.pk}")
    news = untold(agency)
    if not news:
        raise CannotWriteOff(f"{agency.name} knows everything already.")
    serial = AgencyFile.objects.filter(agency=agency, kind=AgencyFile.Kind.SENT).count() + 1
    text = write_placements(
        [_line(one, on) for one in news], utility=sender().utility, agency=agency.pk, on=on, serial=serial
    )
    name = f"{agency.pk}-{on:%Y%m%d}-{serial:04}.csv"
    file, _ = store_file([text.encode()], name=name, media_type="text/csv", by=by, at=at)
    return keep_sent(agency=agency, file=file, news=news, on=on, by=by, at=at)


def untold(agency: Agency) -> list[AgencyNews]:
    """What happened since the last file, in order; two queries."""
    last = AgencyFile.objects.filter(agency=agency, kind=AgencyFile.Kind.SENT).order_by("-upto").first()
    rows = AgencyNews.objects.filter(referral__agency=agency, pk__gt=last.upto if last and last.upto else 0)
    return list(rows.select_related("referral__write_off__account", "referral__write_off__agreement").order_by("pk"))


def _line(news: AgencyNews, on: date) -> Placement:
    made = news.referral.write_off
    known = profile(made.account, on=on)
    last = Agreement.objects.filter(account=made.account, kind__in=SERVICE).select_related("premise").latest("id")
    first = made.parts.order_by("owed_on").values_list("owed_on", flat=True)[0]
    reach = known.reach
    assert last.premise is not None
    return Placement(
        news.what, made.account.number, known.customer.name if known.customer else "",
        (reach.mailing or last.premise.label).replace("\n", ", "), last.premise.label.replace("\n", ", "),
        reach.phone or "", news.amount, owed_of(made), first, made.written_on, news.happened_on,
    )  # fmt: skip
