"""The head-end over HTTP: takes commands in MultiSpeak and IEC 61968-9, and calls back later, as a real one does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lamplighter.formats.network import cim, multispeak
from lamplighter.formats.network.cim.envelope import basic, login_of
from lamplighter.formats.network.messages import Fault, Login, Notice
from lamplighter.formats.network.multispeak import Version
from lamplighter.formats.refusals import Unreadable
from lamplighter.network.transport import Unreachable, post
from lamplighter.town.headend.network import Later, MeterNetwork

XML = "text/xml; charset=utf-8"
MULTISPEAK_3, MULTISPEAK_4, CIM = "/multispeak/3.0", "/multispeak/4.1", "/cim"
VERSIONS = {MULTISPEAK_3: Version.V3, MULTISPEAK_4: Version.V4}
TRIES = 4


@dataclass
class HeadEndServer:
    """`expects` is the login that callers must give; `gives` the one with which it calls back.

    `sleep` waits for as many seconds as a message needs on the air; tests make it short.
    """

    network: MeterNetwork
    expects: Login
    gives: Login
    clock: Callable[[], datetime]
    port: int = 0
    sleep: Callable[[float], None] = time.sleep
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pending: list[threading.Thread] = field(default_factory=list)

    def start(self) -> int:
        """Listen, in a thread of its own; the port."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="head-end", daemon=True).start()
        self.port = int(self._server.server_address[1])
        return self.port

    def stop(self) -> None:
        """Stop listening; what is still to be said is said."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        self.settle()

    def settle(self) -> None:
        """Until everything that was to be said has been."""
        while self._pending:
            self._pending.pop().join()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, body: bytes, authorization: str) -> bytes | None:
        """What the caller gets; None when the message, or its answer, is lost. Raises Unreadable."""
        with self._lock:
            if path == CIM:
                return self._in_cim(body, authorization)
            return self._in_multispeak(path, body)

    def _in_multispeak(self, path: str, body: bytes) -> bytes | None:
        ask, version, operation, login, _ = multispeak.read_ask(body)
        if login != self.expects or version is not VERSIONS[path]:
            return multispeak.write_answer(version, operation, (Fault("Login failed."),))
        faults, later = self.network.take(ask, at=self.clock())
        self._say_all(path, later)
        return None if faults is None else multispeak.write_answer(version, operation, faults)

    def _in_cim(self, body: bytes, authorization: str) -> bytes | None:
        ask, noun, message = cim.read_ask(body, cim.STARTER)
        told = {"message": f"{message}-reply", "correlation": ask.transaction, "noun": noun}
        if login_of(authorization) != self.expects:
            return cim.write_answer(**told, faults=(Fault("Login failed."),), at=self.clock())
        faults, later = self.network.take(ask, at=self.clock())
        self._say_all(CIM, later)
        return None if faults is None else cim.write_answer(**told, faults=faults, at=self.clock())

    def _say_all(self, path: str, later: list[Later]) -> None:
        for one in later:
            thread = threading.Thread(target=self._say, args=(path, one), name="head-end says", daemon=True)
            self._pending.append(thread)
            thread.start()

    def _say(self, path: str, later: Later) -> None:
        self.sleep(later.seconds)
        self.tell(path, later.notice, later.reply_to)

    def tell(self, path: str, notice: Notice, to: str) -> bool:
        """Post a notice in the protocol of this path, again a few times while nobody listens."""
        sent = True
        for body, headers in self.written(path, notice):
            sent = self._post(to, body, headers) and sent
        return sent

    def send_file(self, name: str, content: bytes, to: str) -> bool:
        """Post a file of readings to an address that ends in a slash; whether it was taken."""
        headers = {"Content-Type": "text/plain", "Authorization": basic(self.gives)}
        try:
            return post(f"{to}files/{name}", content, headers).startswith(b"taken")
        except Unreachable:
            return False

    def written(self, path: str, notice: Notice) -> list[tuple[bytes, dict[str, str]]]:
        """A notice as this protocol says it, with its headers."""
        if path == CIM:
            headers = {"Content-Type": XML, "Authorization": basic(self.gives)}
            return [(body, headers) for body in cim.write_notices(notice, cim.STARTER, at=self.clock())]
        wires = multispeak.write_notices(notice, VERSIONS[path], login=self.gives)
        return [(body, {"Content-Type": XML, "SOAPAction": action}) for body, action in wires]

    def _post(self, to: str, body: bytes, headers: dict[str, str]) -> bool:
        for attempt in range(TRIES):
            try:
                post(to, body, headers)
            except Unreachable:
                self.sleep(float(2**attempt))
            else:
                return True
        return False


def _handler(head_end: HeadEndServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            if self.path not in {*VERSIONS, CIM}:
                self.send_error(404)
                return
            try:
                answer = head_end.answer(self.path, body, self.headers.get("Authorization", ""))
            except Unreadable as strange:
                self.send_error(400, str(strange)[:100])
                return
            if answer is None:
                self.close_connection = True  # lost on the way
                return
            self.send_response(200)
            self.send_header("Content-Type", XML)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
