"""The demo city's credit bureau: answers inquiries over HTTP in its own wire format. It knows nearly everybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

from lamplighter.formats.bureau import Answer, read_inquiry, write_answer
from lamplighter.formats.refusals import Unreadable

NAME, ADDRESS, PHONE = "Sandbar Credit Bureau", "PO Box 4100, Sandbar CA 90556", "(800) 555-0140"
LOWEST, HIGHEST, MOST = 300, 850, 64 << 10
REASONS = (
    "Serious delinquency", "Proportion of balances to limits is too high", "Time since delinquency is too recent",
    "Too many accounts with balances", "Length of time accounts have been established",
)  # fmt: skip


def answer(data: bytes) -> bytes:
    """The score of a name: always the same, and nothing known of one in eight. Raises Unreadable."""
    asked = read_inquiry(data)
    mark = crc32(asked.name.encode())
    score = None if mark % 8 == 0 else 480 + mark % 340
    reasons = () if score is None else tuple(REASONS[(mark + place) % len(REASONS)] for place in range(4))
    return write_answer(Answer(asked.reference, NAME, ADDRESS, PHONE, score, LOWEST, HIGHEST, reasons))


@contextmanager
def open_bureau() -> Iterator[str]:
    """Listen during the block, in a thread; the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Counter)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="bureau", daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class _Counter(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """One inquiry, one answer; what can't be read is refused in words."""
        size = min(int(self.headers.get("Content-Length") or 0), MOST)
        try:
            content, status = answer(self.rfile.read(size)), 200
        except Unreadable as strange:
            content, status = str(strange).encode(), 400
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=us-ascii")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Names of people are in no log."""
