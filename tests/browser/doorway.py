"""The program behind a real address, answering a browser in the test's own thread and transaction.

A live server has threads and a database connection of its own, and sees nothing of what a test has not committed. This
one runs on the loop on which Playwright waits: whatever the browser asks is answered while the test waits for it.
"""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass, field
from email.parser import BytesParser
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from lamplighter.web import visits
from tests.browser.slowly import delay

NO_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
KEPT = "private, max-age=86400"
APART = {"Cross-Origin-Opener-Policy": "same-origin"}
"""As all pages say, so that the browser needs no new process for the next one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the browser, whether a page was to come of it, and what the program answered."""

    method: str
    url: str
    page: bool
    answer: HttpResponse

    @property
    def away(self) -> bool:
        """Whether it sends the browser on to another page."""
        return ("Location" if self.page else "HX-Redirect") in self.answer

    @property
    def file(self) -> bool:
        """Whether it is none of our pages: saved or shown by the browser itself."""
        read = self.answer.get("Content-Type", "").startswith("text/html")
        return not self.away and (self.answer.has_header("Content-Disposition") or not read)


@dataclass
class Doorway:
    """Requests are made by `client`, who is signed in or not; what was asked stands in `asked`, in order.

    Each page that goes out says in `data-nth` of its root which of them it is, and in `data-now` what time it is.
    While there is no client, an empty page is all there is.
    """

    client: Client | None = None
    asked: list[Asked] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    at: str = ""

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.at = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def shut(self) -> None:
        self._server.close()

    def closes(self) -> None:
        """Nobody is here any more, and what was asked is forgotten."""
        self.client = None
        self.asked, self.faults = [], []

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                line, _, rest = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")
                method, target, _ = line.decode("ascii").split(" ")
                headers = BytesParser().parsebytes(rest)
                body = await reader.readexactly(int(headers.get("Content-Length", 0)))
                answer = self._answer(method, target, dict(headers.items()), body)
                signs = f'data-nth="{len(self.asked) - 1}" data-now="{_milliseconds()}"'
                await asyncio.sleep(delay())
                writer.write(_written(answer, signs))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser hung up
        finally:
            writer.close()

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> HttpResponse:
        path = unquote(urlsplit(target).path)
        if self.client is None:
            return HttpResponse(headers=APART)
        if path.startswith(settings.STATIC_URL):
            return _static(path.removeprefix(settings.STATIC_URL))
        kind = headers.pop("Content-Type", "application/octet-stream")
        for ours in ("Cookie", "Content-Length", "Connection"):
            headers.pop(ours, None)
        try:
            answer = self.client.generic(method, target, body, kind, headers=headers)
        except Exception as fault:  # noqa: BLE001 - the test that waits for the page raises it
            self.faults.append(fault)
            answer = HttpResponse("The program failed.", status=500)
        self.asked.append(Asked(method, target, headers.get("Sec-Fetch-Dest") == "document", answer))
        return answer


def _static(name: str) -> HttpResponse:
    found = finders.find(name)
    if found is None:
        return HttpResponse(status=404)
    kind, _ = mimetypes.guess_type(name)
    return HttpResponse(Path(found).read_bytes(), content_type=kind, headers={"Cache-Control": KEPT})


def _milliseconds() -> int:
    return int(visits.timezone.now().timestamp() * 1000)


def _written(answer: HttpResponse, signs: str) -> bytes:
    """The answer as it goes over the wire; a test may read a stream again."""
    if answer.streaming:
        answer.streaming_content = [body := b"".join(answer.streaming_content)]
    else:
        body = answer.content.replace(b"<html", b"<html " + signs.encode(), 1)
    headers = [f"{name}: {value}" for name, value in answer.items() if name.lower() != "content-length"]
    headers += [f"Set-Cookie: {cookie.OutputString()}" for cookie in answer.cookies.values()]
    if answer.status_code not in NO_BODY:
        headers.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}", *headers, "", ""])
    return head.encode("latin-1") + (b"" if answer.status_code in NO_BODY else body)
