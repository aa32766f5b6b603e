"""A stretch of the same matter is decided at once, with one reason."""

import pytest

from lamplighter.platform.models import Event
from lamplighter.usage.models import IntervalException

from .conftest import words


@pytest.fixture
def spikes(town):
    """Three days of one meter under the same rule: one as the file brought it, two more like it beside it."""
    first = IntervalException.objects.get(state="open")
    for days in (1, 2):
        day = first.day.replace(day=first.day.day + days)
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
