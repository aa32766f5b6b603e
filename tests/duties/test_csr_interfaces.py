"""Interfaces that fail: seen, tried again, told to the vendor with the evidence, and fixed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lamplighter.formats.network.messages import Act
from lamplighter.incidents.models import Incident
from lamplighter.network.models import Command
from lamplighter.usage.models import ImportedFile
from tests.duties.playing import fills
from tests.network.air import World, connect
from tests.web.desk.conftest import Clock, words
from tests.web.desk.town import NOW


@pytest.fixture
def world(town, monkeypatch) -> World:
    """The desk's town on a network; the pages and the network share one clock."""
    homes = {name: home for name, home in town.homes.items() if home.channel.interval}
    found = connect(homes, monkeypatch, now=NOW)
    monkeypatch.setattr(Clock, "now", lambda: found.now)
    return found


def test_sup_08_a_supervisor_watches_interfaces_and_how_long_vendors_take(at_desk, world, number):
    """A meter that does not answer and an error that a customer met become incidents; the vendor gets a ticket with the
    messages attached and no login or customer in it; the time to fix is told by vendor."""
    renee, dana = at_desk("renee"), at_desk("dana")
    who = next(iter(world.homes))
    world.devices[world.meter(who).badge].silent = True
    world.ends(world.asks(Act.READ, who))
    shown = words(renee.get("/desk/interfaces/"))
    for name in ("Ridgeline", "Meter files", "Letter", "Email", "Text message"):
        assert name in shown
    page = words(renee.get("/desk/interfaces/ridgeline/"))
    assert f"Read on demand, meter {world.meter(who).badge}: no answer in 90 seconds" in page

    lost = Command.objects.get(act="read")
    world.devices[world.meter(who).badge].silent = False
    again = renee.post("/desk/interfaces/ridgeline/do/retry/", {"message": f"command:{lost.pk}"}, follow=True)
    assert "Asked again: Read on demand" in words(again)
    assert world.ends(Command.objects.get(origin="retry")).state == "completed"

    told = fills(
        renee, "/desk/interfaces/ridgeline/do/report/", words="Reads are lost each morning.",
        evidence=[f"command:{lost.pk}"],
    )  # fmt: skip
    assert told.status_code in {200, 204}, words(told)
    mine = Incident.objects.get(origin="staff")
    file = renee.get(f"/desk/incidents/{mine.pk}/ticket.eml")
    assert file["Content-Type"] == "message/rfc822"
    assert b"InitiateMeterReadingsByMeterID" in file.content, "what went over the wire is attached"
    assert b"tell me" not in file.content, "no login"

    account = number(who)
    page = f"/desk/accounts/{account}/do/report-error/"
    assert fills(dana, page, interface="notices-text", words="Got no text.").status_code in {200, 204}
    theirs = Incident.objects.get(origin="customer")
    timeline = words(dana.get(f"/desk/accounts/{account}/"))
    assert "Error reported: Text message" in timeline
    assert account not in renee.get(f"/desk/incidents/{theirs.pk}/ticket.eml").content.decode()

    assert fills(renee, f"/desk/incidents/{mine.pk}/do/sent/", ticket="RN-1182").status_code in {200, 204}
    assert "With the vendor" in words(renee.get("/desk/incidents/"))
    world.now += timedelta(hours=5)
    assert fills(renee, f"/desk/incidents/{mine.pk}/do/fix/", words="New firmware.").status_code in {200, 204}
    listed = words(renee.get("/desk/incidents/"))
    assert "Ridgeline Networks" in listed
    assert "RN-1182" in listed
    assert "Ridgeline Networks 0 open, 1 fixed; half within 5" in words(renee.get("/desk/interfaces/"))
    assert b"Time to fix" in b"".join(renee.get("/desk/incidents/?export=csv").streaming_content)
    assert fills(renee, f"/desk/incidents/{mine.pk}/do/reopen/", words="Again.").status_code in {200, 204}
    assert Incident.objects.get(pk=mine.pk).state == "With the vendor"


def test_switching_off_is_never_tried_again_from_the_monitor(at_desk, world):
    dana = at_desk("dana")
    who = next(iter(world.homes))
    world.devices[world.meter(who).badge].silent = True
    world.ends(world.asks(Act.DISCONNECT, who))
    lost = Command.objects.get(act="disconnect")
    dana.get("/desk/interfaces/ridgeline/")
    again = dana.post("/desk/interfaces/ridgeline/do/retry/", {"message": f"command:{lost.pk}"}, follow=True)
    assert "Switching off is not repeated" in words(again)
    assert Command.objects.filter(act="disconnect").count() == 1


def tries_again(client, command: Command) -> str:
    client.get("/desk/interfaces/ridgeline/")
    sent = {"message": f"command:{command.pk}"}
    return words(client.post("/desk/interfaces/ridgeline/do/retry/", sent, follow=True))


def test_a_command_is_asked_again_once_and_switching_on_not_days_later(at_desk, world):
    """Whoever lived there may have left meanwhile, or somebody cut power since."""
    dana, who = at_desk("dana"), next(iter(world.homes))
    world.devices[world.meter(who).badge].silent = True
    lost = world.ends(world.asks(Act.PING, who))
    assert "Asked again: Ping" in tries_again(dana, lost)
    assert "asked again before" in tries_again(dana, lost)
    assert Command.objects.filter(act="ping").count() == 2
    fresh = world.ends(world.asks(Act.CONNECT, who))
    assert "Asked again" in tries_again(dana, fresh)
    again = world.ends(Command.objects.get(origin="retry", act="connect"))
    Command.objects.filter(pk=again.pk).update(ended_at=world.now - timedelta(days=2))
    assert "not repeated so late" in tries_again(dana, again)
    late = world.ends(world.asks(Act.CONNECT, who))
    world.ends(world.asks(Act.CONNECT, who))
    assert "not repeated so late" in tries_again(dana, late)


def test_what_failed_leads_only_who_may_open_it_to_where_it_is_put_right(at_desk, world):
    """A representative sees that something waits in a file; whoever imports readings is led to the file."""
    file = ImportedFile.objects.last()
    ImportedFile.objects.filter(pk=file.pk).update(waiting=2, imported_at=NOW)
    page, link = "/desk/interfaces/meter-files/", f'href="/desk/readings/imports/{file.pk}/"'
    assert link in at_desk("iris").get(page).content.decode()
    shown = at_desk("dana").get(page)
    assert f"{file.name}: 2 matters wait" in words(shown)
    assert link not in shown.content.decode()


def test_an_error_is_reported_also_where_nothing_failed(at_desk, world):
    form = at_desk("dana").get("/desk/interfaces/ridgeline/do/report/").context["form"]
    assert "evidence" not in form.fields
    answer = fills(at_desk("dana"), "/desk/interfaces/ridgeline/do/report/", words="The screen says nothing.")
    assert answer.status_code in {200, 204}
    assert Incident.objects.get().state == "Open"
