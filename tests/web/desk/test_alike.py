"""A stretch of the same matter is decided at once, with one reason."""

import pytest

from lamplighter.journeys import reading
from lamplighter.platform.models import Event
from lamplighter.usage.intake.options import ImportOptions
from lamplighter.usage.models import IntervalException
from tests.usage.feeds import HOURLY, days, hours, stored, write
from tests.web.desk.town import DANA, NOW

from .conftest import words


@pytest.fixture
def spikes(town):
    """Three days of one meter under the same rule: one as the file brought it, two more like it beside it."""
    first = IntervalException.objects.get(state="open")
    for later in (1, 2):
        day = first.day.replace(day=first.day.day + later)
        moved = {
            "day": day,
            "span": type(first.span)(first.span.start.replace(day=day.day), first.span.end.replace(day=day.day)),
        }
        kept = {f.name: getattr(first, f.name) for f in first._meta.concrete_fields if f.name not in {"id", *moved}}
        IntervalException.objects.create(**kept, **moved)
    return first


def test_the_page_offers_it_where_there_are_several(at_desk, spikes):
    iris = at_desk("iris")
    assert f"/desk/readings/{spikes.pk}/do/alike/" in iris.get(f"/desk/readings/{spikes.pk}/").content.decode()
    IntervalException.objects.exclude(pk=spikes.pk).delete()
    assert "do/alike/" not in iris.get(f"/desk/readings/{spikes.pk}/").content.decode()


def test_a_stretch_is_shown_and_then_decided_with_one_reason(at_desk, spikes):
    iris, url = at_desk("iris"), f"/desk/readings/{spikes.pk}/do/alike/"
    form = iris.get(url).context["form"]
    said = {name: form[name].value() for name in ("first", "last", "seen")}
    said |= {"last": form["last"].value().replace(day=15), "decision": "accept", "remark": "A welder at the pier."}
    assert "Matters 2 on 2 days" in words(iris.post(url, said))
    assert IntervalException.objects.filter(state="open").count() == 3, "nothing was decided yet"
    iris.post(url, said | {"confirmed": "1"})
    states = IntervalException.objects.order_by("day").values_list("state", flat=True)
    assert list(states) == ["accepted", "accepted", "open"]
    events = Event.objects.filter(name="usage.exception.decided")
    assert {str(event.remark) for event in events} == {"A welder at the pier."}


def test_days_without_any_are_refused_and_the_reason_is_asked_for(at_desk, spikes):
    iris, url = at_desk("iris"), f"/desk/readings/{spikes.pk}/do/alike/"
    answer = iris.post(
        url, {"first": "2020-01-01", "last": "2020-01-02", "decision": "accept", "seen": 0, "remark": ""}
    )
    assert answer.status_code == 422
    assert "Fill in “Why”." in words(answer)
    answer = iris.post(
        url, {"first": "2020-01-01", "last": "2020-01-02", "decision": "accept", "seen": 0, "remark": "x"}
    )
    assert "Nothing of this kind waits on these days." in words(answer)


@pytest.fixture
def twice(town, tmp_path):
    """Three days that are stored come again with other values."""
    path = write(tmp_path, "again.csv", hours("2026-11-11", range(400, 472), "E-77120003"))
    reading.import_file(path=path, options=ImportOptions(mapping=HOURLY), by=DANA, at=NOW)
    return IntervalException.objects.filter(rule="store.conflict", state="open").order_by("day")


@pytest.mark.parametrize(("decision", "taken", "state"), [("renew", 48, "edited"), ("accept", 0, "accepted")])
def test_of_many_days_that_came_twice_one_side_is_chosen_for_all(at_desk, twice, decision, taken, state):
    first, iris = twice[0], at_desk("iris")
    three = days("2026-11-11", "2026-11-14")
    before = stored(first.channel, three).values[0].tolist()
    url = f"/desk/readings/{first.pk}/do/alike/"
    page = iris.get(url)
    assert "Keep the stored what came again is left out" in words(page)
    said = {name: page.context["form"][name].value() for name in ("first", "seen")}
    said |= {"last": "2026-11-12", "decision": decision, "remark": "The vendor sent the year again."}
    assert "Matters 2 on 2 days" in words(iris.post(url, said))
    iris.post(url, said | {"confirmed": "1"})
    assert stored(first.channel, three).values[0].tolist() == [*range(400, 400 + taken), *before[taken:]]
    assert list(twice.model.objects.filter(rule="store.conflict").order_by("day").values_list("state", flat=True)) == [
        state, state, "open",
    ]  # fmt: skip
