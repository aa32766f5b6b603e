"""What our server is told: durable for data that matters, fast for clusters that a test throws away."""

from __future__ import annotations

import sys
from pathlib import Path

EVERY = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
}
DURABLE = EVERY | {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "wal_writer_delay": "10ms",  # what a large transaction wrote is on disk by and by, and little is left to its end
}
FAST = EVERY | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
}
FILE = "lamplighter.conf"


def text(*, fast: bool, sockets: Path, port: int, tcp: bool) -> str:
    """The configuration file. Values set later by ALTER SYSTEM go before it."""
    settings = (FAST if fast else DURABLE) | {
        "unix_socket_directories": str(sockets),
        "port": str(port),
        "listen_addresses": "127.0.0.1" if tcp else "",
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "\n".join(["# Written anew at each start.", *lines, ""])


def initdb_options(major: int) -> list[str]:
    """UTF-8, page checksums, and one sort order (by code point) on every machine. The builtin provider, which
    knows letters beyond ASCII without the system's help, exists from 17 on."""
    options = ["--username=postgres", "--encoding=UTF8", "--data-checksums", "--locale=C"]
    if major >= 17:
        return [*options, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, f"--lc-ctype={'en_US' if sys.platform == 'darwin' else 'C'}.UTF-8"]
