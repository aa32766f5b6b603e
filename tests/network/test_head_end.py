"""The simulated head-end over real HTTP: it takes a command, loses some, and calls back with its login."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from zoneinfo import ZoneInfo

import pytest

from lamplighter.formats.network import multispeak
from lamplighter.formats.network.messages import Act, Ask, Fault, Login, Power
from lamplighter.formats.network.multispeak import Version
from lamplighter.network.transport import Unreachable, post
from lamplighter.town.headend.network import Air, Device, MeterNetwork
from lamplighter.town.headend.server import MULTISPEAK_4, HeadEndServer

AT = datetime(2026, 11, 20, 17, tzinfo=UTC)
OURS, THEIRS = Login("us", "secret"), Login("them", "other")


@pytest.fixture
def said():
    """Where the head-end calls, and what it said."""
    heard: list[bytes] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield heard, f"http://127.0.0.1:{server.server_address[1]}/network/"
    server.shutdown()
    server.server_close()
    thread.join()


def head_end(air: Air) -> HeadEndServer:
    server = HeadEndServer(MeterNetwork.of([Device("E-1")], air=air), OURS, THEIRS, lambda: AT, sleep=lambda _: None)
    server.start()
    return server


def call(server: HeadEndServer, reply_to: str, login: Login = OURS) -> tuple[Fault, ...]:
    ask = Ask(Act.PING, "E-1", "t-1", reply_to, 60)
    body, action = multispeak.write_ask(ask, Version.V4, login=login, message="m", at=AT)
    answer = post(server.url(MULTISPEAK_4), body, {"Content-Type": "text/xml", "SOAPAction": action})
    return multispeak.read_answer(answer)


def test_a_command_is_taken_and_answered_later_with_the_head_ends_login(said):
    heard, reply_to = said
    server = head_end(Air(lost=0, repeated=0))
    assert call(server, reply_to) == ()
    server.stop()
    (body,) = heard
    notice, _, _, login = multispeak.read_notice(body, zone=ZoneInfo("UTC"), at=AT)
    assert (notice.transaction, login) == ("t-1", THEIRS)
    assert isinstance(notice.said[0], Power)


def test_a_wrong_login_is_refused_and_nothing_is_done(said):
    heard, reply_to = said
    server = head_end(Air(lost=0, repeated=0))
    assert call(server, reply_to, Login("us", "wrong")) == (Fault("Login failed."),)
    server.stop()
    assert not heard


def test_what_is_lost_leaves_the_caller_without_an_answer(said):
    server = head_end(Air(lost=2))  # on the way there, and on the way back
    with pytest.raises(Unreachable):
        call(server, said[1])
    server.stop()


def test_nobody_listens_where_no_head_end_is():
    with pytest.raises(Unreachable):
        post("http://127.0.0.1:9/", b"", {})
