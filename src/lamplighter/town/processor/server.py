"""The simulated processor over HTTP: its API in JSON, and the page on which customers enter a card."""

from __future__ import annotations

import html
import json
import threading
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lamplighter.town.processor.cards import DECLINED, Conflict, Processor

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bay Cards: pay</title><style>body{{font:18px/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}}
input,button{{font:inherit;width:100%;padding:.6rem;margin:.3rem 0;box-sizing:border-box}}</style></head><body><main>
<h1>Bay Cards</h1><p>An invented processor of an invented city. {words}</p><p><strong>{amount}</strong></p>{problem}
<form method="post"><label for="card">Card number</label><input id="card" name="card" value="4242424242424242"
inputmode="numeric" autocomplete="off"><p>{declined} is declined.</p><button>{button}</button></form></main></body>
</html>"""


@dataclass
class ProcessorServer:
    """Callers of the API need `key`; the page is open to who has its address."""

    processor: Processor
    key: str
    port: int = 0

    def start(self) -> int:
        """Listen in a thread of its own; the port."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="card processor", daemon=True).start()
        self.port = int(self._server.server_address[1])
        return self.port

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://{self.key}@127.0.0.1:{self.port}"


def _handler(server: ProcessorServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Answers):
        served = server

    return Handler


class _Answers(BaseHTTPRequestHandler):
    """Each request, by its path."""

    served: ProcessorServer

    def do_GET(self) -> None:  # http.server's own name
        where = urlsplit(self.path)
        parts, processor = where.path.strip("/").split("/"), self.served.processor
        if parts[0] == "checkout" and parts[-1] in processor.sessions:
            self._page(parts[-1])
        elif not self._may():
            self._json(401, {"error": "key"})
        elif parts == ["v1", "cards"]:
            reference = parse_qs(where.query)["reference"][0]
            self._json(200, {"cards": [one for one in processor.cards.values() if one["reference"] == reference]})
        elif parts[:2] == ["v1", "payments"] and len(parts) == 3:
            found = processor.payments.get(parts[2])
            self._json(200 if found else 404, found or {})
        elif parts == ["v1", "payments"]:
            on = date.fromisoformat(parse_qs(where.query)["on"][0])
            self._json(200, {"payments": processor.of_day(on)})
        else:
            self._json(404, {})

    def do_POST(self) -> None:  # http.server's own name
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path).path.strip("/").split("/")
        if parts[0] == "checkout" and parts[-1] in self.served.processor.sessions:
            self._entered(parts[-1], parse_qs(body.decode()).get("card", [""])[0].replace(" ", ""))
        elif not self._may():
            self._json(401, {"error": "key"})
        elif parts == ["v1", "sessions"]:
            self._session(json.loads(body))
        elif parts == ["v1", "payments"]:
            self._draw(json.loads(body))
        else:
            self._json(404, {})

    def _entered(self, session: str, card: str) -> None:
        if self.served.processor.pay(session, card):
            self._move(self.served.processor.sessions[session]["back"])
        else:
            self._page(session, "<p role=alert>The card was declined.</p>")

    def _session(self, asked: dict[str, Any]) -> None:
        try:
            made = self.served.processor.begin(self.headers.get("Idempotency-Key", ""), asked)
        except Conflict:
            self._json(409, {"error": "idempotency"})
            return
        self._json(200, {"id": made["id"], "url": f"http://127.0.0.1:{self.served.port}/checkout/{made['id']}"})

    def _draw(self, asked: dict[str, Any]) -> None:
        try:
            answer = self.served.processor.draw(self.headers.get("Idempotency-Key", ""), asked)
        except Conflict:
            self._json(409, {"error": "idempotency"})
            return
        self._json(402 if "decline_code" in answer else 200, answer)

    def _page(self, session: str, problem: str = "") -> None:
        found = self.served.processor.sessions[session]
        keeps = found.get("mode") == "keep"
        amount = "Nothing is charged now." if keeps else f"${found['amount'] / 100:,.2f}"
        button = "Keep this card" if keeps else f"Pay {amount}"
        text = PAGE.format(
            words=html.escape(found["words"]), amount=amount, problem=problem, declined=DECLINED, button=button
        )
        self._send(200, "text/html; charset=utf-8", text.encode())

    def _may(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.served.key}"

    def _move(self, where: str) -> None:
        self.send_response(303)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(told).encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Silent: what is entered here is nobody's business."""
