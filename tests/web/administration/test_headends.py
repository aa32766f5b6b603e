"""An administrator sets a head-end up, with passwords from the environment, and asks whether it answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lamplighter.formats.network.messages import Login
from lamplighter.network.dialects import proves
from lamplighter.network.models import HeadEnd, Message
from lamplighter.platform.models import Event
from lamplighter.platform.secrets import decrypt
from lamplighter.town.headend.network import Air, MeterNetwork
from lamplighter.town.headend.server import CIM, MULTISPEAK_4, HeadEndServer

from .conftest import send, text

ADD = "/admin-desk/network/do/add/"
PATHS = {"multispeak-4.1": MULTISPEAK_4, "iec-61968-9": CIM}


@pytest.fixture
def secrets(monkeypatch):
    monkeypatch.setenv("LAMPLIGHTER_HEADEND_BAY_2_OURS", "tell me")
    monkeypatch.setenv("LAMPLIGHTER_HEADEND_BAY_2_THEIRS", "it is me")


@pytest.fixture
def mesh(db):
    """A head-end that reaches nobody, and loses nothing."""
    server = HeadEndServer(
        MeterNetwork.of([], air=Air(lost=0, repeated=0)), Login("lamplighter", "tell me"), Login("bay", "it is me"),
        lambda: datetime(2026, 11, 20, tzinfo=UTC), sleep=lambda _: None,
    )  # fmt: skip
    server.start()
    yield server
    server.stop()


def adds(ada, **other):
    said = {
        "key": "bay-2", "name": "Bay mesh", "vendor": "Bay Metering", "protocol": "multispeak-4.1",
        "url": "https://mesh.example/ms", "reply_url": "https://lamplighter.example/network/",
        "zone": "America/Los_Angeles", "makers": "Bay, Cove", "user": "lamplighter", "their_user": "bay",
        "active": "on",
    }  # fmt: skip
    return send(ada, ADD, **(said | other))


def test_it_is_set_up_with_passwords_that_no_browser_sees(ada, secrets):
    assert adds(ada).status_code == 303
    made = HeadEnd.objects.get(key="bay-2")
    assert (made.makers, decrypt(made.sealed)) == (["Bay", "Cove"], "tell me")
    assert proves(made, Login("bay", "it is me"))
    assert Event.objects.get(name="network.head_end.defined").subject == "interface:bay-2"
    shown = text(ada.get("/admin-desk/network/bay-2/"))
    assert "LAMPLIGHTER_HEADEND_BAY_2_OURS and LAMPLIGHTER_HEADEND_BAY_2_THEIRS" in shown
    assert not any(secret in shown for secret in ("tell me", "it is me"))
    assert "Bay, Cove" in text(ada.get("/admin-desk/network/"))


def test_without_the_passwords_it_is_refused_and_told_where_they_go(ada):
    refused = adds(ada)
    assert refused.status_code == 422
    assert "LAMPLIGHTER_HEADEND_BAY_2_OURS is not set in the environment of the server." in text(refused)
    assert not HeadEnd.objects.exists()


def test_what_it_cannot_be_is_said(ada, secrets, monkeypatch):
    adds(ada)
    monkeypatch.setenv("LAMPLIGHTER_HEADEND_COVE_OURS", "a")
    monkeypatch.setenv("LAMPLIGHTER_HEADEND_COVE_THEIRS", "b")
    for other, said in (
        ({}, "There is a head-end bay-2 already."),
        ({"key": "cove", "their_user": "bay"}, "Another head-end logs in here as bay."),
        ({"key": "cove", "their_user": "cove"}, "Bay mesh reaches the meters of one of these makers already."),
        ({"key": "cove", "zone": "Pacific"}, "Pacific is no time zone."),
    ):
        refused = adds(ada, **other)
        assert (refused.status_code, said in text(refused)) == (422, True), said
    assert HeadEnd.objects.count() == 1


def test_it_is_changed_and_put_out_of_use(ada, secrets):
    adds(ada)
    changed = "/admin-desk/network/bay-2/do/change/"
    assert "Bay mesh" in text(ada.get(changed))
    said = {name: value for name, value in ada.get(changed).context["form"].initial.items() if name != "active"}
    assert send(ada, changed, **said | {"name": "Bay mesh 2"}).status_code == 303
    found = HeadEnd.objects.get(key="bay-2")
    assert (found.name, found.active) == ("Bay mesh 2", False)


@pytest.mark.parametrize("protocol", PATHS)
def test_it_is_asked_whether_it_answers(ada, secrets, mesh, protocol):
    adds(ada, protocol=protocol, url=mesh.url(PATHS[protocol]))
    said = text(ada.post("/admin-desk/network/bay-2/do/try/", follow=True))
    assert "Bay mesh answers: unknown meter" in said
    kept = Message.objects.get()
    assert (kept.outcome, "tell me" in kept.body) == ("refused", False)


def test_a_wrong_password_and_nobody_there_are_told_apart(ada, secrets, mesh, monkeypatch):
    monkeypatch.setenv("LAMPLIGHTER_HEADEND_BAY_2_OURS", "wrong")
    adds(ada, url=mesh.url(MULTISPEAK_4))
    assert "Bay mesh answers: Login failed." in text(ada.post("/admin-desk/network/bay-2/do/try/", follow=True))
    HeadEnd.objects.update(url="http://127.0.0.1:9/ms")
    said = text(ada.post("/admin-desk/network/bay-2/do/try/", follow=True))
    assert "Bay mesh does not answer: ConnectionRefusedError" in said
    assert list(Message.objects.order_by("id").values_list("outcome", flat=True)) == ["refused", "unreachable"]


def test_it_is_the_administrators(signed_in):
    desk = signed_in("csr")
    assert desk.get("/admin-desk/network/").status_code == 403
    assert desk.get(ADD).status_code == 403
