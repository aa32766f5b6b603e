"""The server, its processes, its workers and its database may each be killed; they come back by themselves."""

from __future__ import annotations

import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from lamplighter.cli.statics import collect_statics
from tests.kills.books import books
from tests.kills.site import Site, until
from tests.operations.test_worker import asked, ended


class Served:
    """`lamplighter serve` on a free port."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = self.start()
        until(lambda: self.health() == 200, "the server is up")

    def start(self, *, quiet: bool = True):
        return self.site.start("lamplighter", "serve", "--port", str(self.port), quiet=quiet)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()
        except OSError:
            return 0, b""

    def health(self) -> int:
        return self.get("/healthz")[0]

    def children(self, kind: str) -> set[int]:
        """The living processes that it started, by what stands in their command."""
        return {pid for pid in children(self.process.pid) if kind in command(pid)}


def children(parent: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, of = stat.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of) == parent and state != "Z":
            found.add(int(stat.parent.name))
    return found


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture(scope="module")
def served(durable: Site):
    if not Path("/proc/self/stat").exists():
        pytest.skip("finds processes in /proc")
    durable.begin_again()
    return Served(durable)


def test_the_health_check_answers_anybody_and_tells_nothing(served):
    assert served.get("/healthz", Host="balancer.example") == (200, b"ok\n")
    assert served.get("/", Host="balancer.example")[0] == 400, "pages are for known hosts alone"
    assert served.get("/")[0] == 200


def test_a_second_server_on_the_port_is_refused(served):
    second = served.site.command("serve", "--port", str(served.port), "--jobs", "0")
    assert second.returncode == 1
    assert "Address already in use. Choose another --port" in second.stderr


def test_a_killed_database_is_told_and_comes_back(served):
    served.site.kill_database()
    until(lambda: served.health() != 200, "it is told")
    until(lambda: served.health() == 200, "it is back")
    assert served.get("/")[0] == 200


@pytest.mark.parametrize("kind", ["spawn_main", "lamplighter worker"])
def test_a_killed_process_is_started_again(served, kind):
    until(lambda: served.children(kind), f"{kind} runs")
    (killed,) = served.children(kind)
    os.kill(killed, signal.SIGKILL)
    until(lambda: served.children(kind) - {killed}, f"another {kind} runs")
    until(lambda: served.health() == 200, "it answers")


def test_its_worker_does_what_is_asked_for(served):
    assert served.site.run("tests.kills.asking").returncode == 0
    until(ended(served.site), "the cycle is billed")
    assert asked(served.site, "SELECT count(*) FROM billing_bill") == 9


def test_a_backup_is_taken_while_it_serves_and_not_brought_back_beneath_it(served, tmp_path):
    copy = str(tmp_path / "copy.tar")
    assert served.site.command("backup", copy).returncode == 0
    refused = served.site.command("restore", "--replace", copy)
    assert refused.returncode == 1
    assert "Somebody is at work in the database lamplighter: stop the server" in refused.stderr
    assert served.health() == 200


def test_it_stops_when_told_with_all_that_it_started_and_so_it_does_when_killed(served):
    for number, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 0)):
        until(lambda: served.children("spawn_main") and served.children("lamplighter worker"), "all run")
        left = children(served.process.pid)
        served.process.send_signal(number)
        assert served.process.wait(60) == code
        until(lambda left=left: not any(_lives(pid) for pid in left), "nothing is left")
        if number == signal.SIGKILL:
            served.process = served.start()
            until(lambda: served.health() == 200, "it is up again")


def test_once_it_is_stopped_a_copy_takes_the_place_of_what_is_there(served, tmp_path):
    site, copy = served.site, str(tmp_path / "copy.tar")
    assert site.command("backup", copy).returncode == 0
    before = books(site)
    assert site.run("tests.kills.work").returncode == 0
    assert books(site) != before
    back = site.command("restore", "--replace", copy)
    assert back.returncode == 0, back.stderr
    assert "key" not in back.stderr, "its keys are here"
    assert books(site) == before
    assert {path.name for path in site.state.iterdir()} <= {"pg", "intervals", "files", "secret_key", "static"}
    assert site.command("check").returncode == 0


def test_statics_are_collected_once_for_each_state_of_their_sources(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    (tmp_path / "ours").mkdir()
    page = tmp_path / "ours" / "page.css"
    page.write_text("a{}")
    calls = []
    monkeypatch.setattr("django.core.management.call_command", lambda *given, **_: calls.append(given))
    collect_statics()
    collect_statics()
    assert len(calls) == 1
    page.write_text("a{color:red}")
    collect_statics()
    assert len(calls) == 2


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
