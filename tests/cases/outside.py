"""The outside of the desk, each in its own wire format: a telephone system and a text gateway that sign what they tell,
a mailbox that speaks IMAP4rev1, and mail as other people's programs write it."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from lamplighter.notices.gateways.texting import signature

TOKEN = "a token of the gateway"
HOST = "http://testserver"


def told(client, path: str, token: str = TOKEN, **fields: str):
    """A webhook, signed with `token`."""
    signed = signature(token, f"{HOST}{path}", fields)
    return client.post(path, fields, headers={"X-Twilio-Signature": signed})


def rings(client, key: str, number: str, *, at: str = "dana", state: str = "ringing"):
    return told(
        client, "/hooks/calls/", CallSid=key, CallStatus=state, From=number, To=f"client:{at}", Direction="inbound"
    )


def mail(
    sender: str, subject: str, body: str, *, key: str, answers: str = "", files: tuple = (), **headers: str
) -> bytes:
    """A mail as it comes from the post."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "help@marisolbaypower.example", subject
    made["Message-ID"] = key
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return bytes(made)


def delivery_report(returned: str, why: str = "550 5.1.1 no such user") -> bytes:
    """What a mail server sends back for a mail that it could not deliver (RFC 3464)."""
    return (
        "From: <>\r\nTo: help@marisolbaypower.example\r\nSubject: Undelivered Mail\r\nMessage-ID: <dsn@example.net>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail was not delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.net\r\n\r\n"
        "Final-Recipient: rfc822; somebody@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; {why}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {returned}\r\nSubject: x\r\n--b--\r\n"
    ).encode()


@contextmanager
def mailbox(*mails: bytes) -> Iterator[tuple[str, set[int]]]:
    """A mailbox with these mails: its address, and the numbers of those that were marked as read."""
    seen: set[int] = set()

    class Box(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("* OK ready")
            for raw in self.rfile:
                tag, _, rest = raw.decode().strip().partition(" ")
                self.answer(tag, rest)

        def answer(self, tag: str, asked: str) -> None:
            if asked.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            elif asked.startswith("SELECT"):
                self.say(f"* {len(mails)} EXISTS")
            elif asked.startswith("UID SEARCH"):
                self.say("* SEARCH " + " ".join(str(n) for n in range(1, len(mails) + 1) if n not in seen))
            elif fetch := re.match(r"UID FETCH (\d+)", asked):
                number = int(fetch[1])
                content = mails[number - 1]
                head = f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode()
                self.wfile.write(head + content + b")\r\n")
            elif store := re.match(r"UID STORE (\d+)", asked):
                seen.add(int(store[1]))
            refused = asked.startswith("LOGIN") and "secret" not in asked
            self.say(f"{tag} {'NO wrong password' if refused else 'OK done'}")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Box) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"imap://help:secret@127.0.0.1:{server.server_address[1]}/INBOX", seen
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def post_office(refuse: str = "") -> Iterator[tuple[str, list[bytes]]]:
    """A mail server of this machine (aiosmtpd): its address, and what it took. `refuse` is its answer to recipients."""
    from aiosmtpd.controller import Controller

    took: list[bytes] = []

    class Desk:
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802, ARG002 - the library's
            if refuse:
                return refuse
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):  # noqa: N802, ARG002 - the library's
            took.append(envelope.content)
            return "250 taken"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Desk(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}", took
    finally:
        server.stop()
