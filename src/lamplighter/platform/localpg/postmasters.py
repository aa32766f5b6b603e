"""Whether our server runs, read from its `postmaster.pid` and the system's table of processes."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

SERVER = re.compile(r"(^|/)(postgres|postmaster) ")  # a backend calls itself "postgres: ..."


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server process: its `pid`, and whether it says that it takes connections."""

    pid: int
    ready: bool


def running(data: Path, *, name: str) -> Postmaster | None:
    """The living server of the cluster in `data` that was started under `name`. None also when a dead one left its
    file behind: as a zombie where nobody reaps it, or with a number that has since gone to another process."""
    lines = _lines(data)
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    if pid == 0 or not _serves(pid, name):
        return None
    return Postmaster(pid=pid, ready=len(lines) > 7 and lines[7].strip() == "ready")


def answers(sockets: Path, port: int) -> bool:
    """Whether something listens on the socket; it need not let us in."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(socket_file(sockets, port)))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except TimeoutError:  # too busy to answer is alive
            return True
    return True


def socket_file(sockets: Path, port: int) -> Path:
    return sockets / f".s.PGSQL.{port}"


def clear_remains(data: Path, *, sockets: Path, port: int) -> None:
    """Makes harmless what a killed server left, so that PostgreSQL does not take a zombie for a living one. In
    `postmaster.pid` only the number is replaced, by one that is surely dead: with the other lines PostgreSQL
    makes sure that no process of the old server still works on the data."""
    lines = _lines(data)
    if lines:
        lines[0] = str(_dead_pid())
        (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    left = socket_file(sockets, port)
    left.unlink(missing_ok=True)
    left.with_name(left.name + ".lock").unlink(missing_ok=True)


def _lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _serves(pid: int, name: str) -> bool:
    """Asks /proc, since a slim Debian has no `ps`, or else ps, since macOS has no `/proc`."""
    state, command = _from_proc(Path(f"/proc/{pid}")) if Path("/proc/self/stat").exists() else _from_ps(pid)
    return state[:1] not in {"", "Z", "X"} and bool(SERVER.search(command)) and name in command


def _from_proc(process: Path) -> tuple[str, str]:
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
    except (FileNotFoundError, ProcessLookupError):
        return "", ""
    return state, command.decode(errors="replace")


def _from_ps(pid: int) -> tuple[str, str]:
    ps = shutil.which("ps")
    assert ps, "a system without /proc has ps"
    said = subprocess.run(  # noqa: S603 - ps with a number
        [ps, "-ww", "-o", "stat=,command=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout.strip()
    state, _, command = said.partition(" ")
    return state, command.strip()


def _dead_pid() -> int:
    with subprocess.Popen(["/bin/sh", "-c", ":"]) as child:
        child.wait()
    return child.pid
