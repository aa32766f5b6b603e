"""The gateways against real servers of this machine: SMTP by aiosmtpd, IMAP4rev1, and a REST endpoint for texts."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from lamplighter.formats.mail import read_mail
from lamplighter.notices.channels import Channel
from lamplighter.notices.gateways import Undeliverable
from lamplighter.notices.gateways.mailbox import Mailbox, Unreadable
from lamplighter.notices.gateways.smtp import SmtpGateway
from lamplighter.notices.gateways.texting import TextGateway, genuine, signature
from lamplighter.notices.languages import Language
from lamplighter.notices.queries.outbox import Parcel
from lamplighter.notices.rules.rendering import Sheet
from tests.cases.outside import mail, mailbox, post_office

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
PARCEL = Parcel(
    331, "N-331", Channel.EMAIL, "Marisol Bay Power", "help@marisolbaypower.example", ("thihoa@example.net",),
    (Sheet(Language.VIETNAMESE, (("subject", "Hóa đơn"), ("body", "Bà nợ $84.66."))),), (),
)  # fmt: skip


def test_a_notice_goes_out_by_smtp_as_it_was_written():
    with post_office() as (url, took):
        receipt = SmtpGateway(url).hand_over(PARCEL, at=AT)
    found = read_mail(took[0])
    assert (found.sender, found.subject) == ("help@marisolbaypower.example", "Hóa đơn")
    assert "Bà nợ $84.66." in found.body
    assert receipt.at == AT
    assert "N-331@marisolbaypower.example" in receipt.proof


def test_what_the_server_refuses_for_good_has_bounced_and_what_it_puts_off_waits():
    with post_office(refuse="550 5.1.1 no such user") as (url, _), pytest.raises(Undeliverable, match="no such user"):
        SmtpGateway(url).hand_over(PARCEL, at=AT)
    with post_office(refuse="451 later") as (url, _), pytest.raises(ConnectionError, match="later"):
        SmtpGateway(url).hand_over(PARCEL, at=AT)


def test_a_password_is_not_sent_in_clear():
    with post_office() as (url, took):
        with pytest.raises(ConnectionError, match="STARTTLS"):
            SmtpGateway(url.replace("//", "//name:secret@")).hand_over(PARCEL, at=AT)
        assert took == []


def test_new_mail_is_read_from_the_mailbox_and_marked_when_it_is_kept():
    one, two = (mail("a@example.net", f"No. {n}", "hello", key=f"<{n}@x>") for n in (1, 2))
    with mailbox(one, two) as (url, seen):
        with Mailbox(url).open() as box:
            letters = list(box.unread())
            assert seen == set()
            box.took(letters[0])
        with Mailbox(url).open() as box:
            assert [read_mail(each.raw).subject for each in box.unread()] == ["No. 2"]
        with pytest.raises(Unreadable, match="password"), Mailbox(url.replace("secret", "wrong")).open():
            pass
    with pytest.raises(Unreadable, match="imaps"), Mailbox("imap://a:b@mail.example.net/INBOX").open():
        pass


@contextmanager
def text_gateway(status: int = 201):
    """An endpoint that takes texts as Twilio's does."""
    took = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            took.append((self.path, self.headers["Authorization"], {k: v[0] for k, v in fields.items()}))
            answer = json.dumps({"sid": "SM1"} if status < 300 else {"message": "not a mobile number"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://AC1:token@127.0.0.1:{server.server_port}", took
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_text_goes_to_the_gateway_in_its_own_form():
    with text_gateway() as (url, took):
        key = TextGateway(url, "+15105550100", "https://desk.example/hooks/texts/told/").send(
            "+15105550142", "Hello", about="N-17"
        )
    assert key == "SM1"
    path, keys, fields = took[0]
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert keys == "Basic QUMxOnRva2Vu"
    assert fields == {"To": "+15105550142", "From": "+15105550100", "Body": "Hello",
                      "StatusCallback": "https://desk.example/hooks/texts/told/?about=N-17"}  # fmt: skip


def test_a_text_that_is_refused_has_bounced_and_a_gateway_in_trouble_is_asked_again():
    with text_gateway(400) as (url, _), pytest.raises(Undeliverable, match="mobile"):
        TextGateway(url, "+15105550100").send("+1510", "Hello", about="M-1")
    with text_gateway(503) as (url, _), pytest.raises(ConnectionError):
        TextGateway(url, "+15105550100").send("+15105550142", "Hello", about="M-1")


def test_the_signature_is_that_of_the_gateways_own_library():
    """The worked example of Twilio's documentation and of its Python library's tests."""
    fields = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212",
              "Caller": "+14158675309"}  # fmt: skip
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert not genuine("12345", url + "&baz=3", fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not genuine("", url, fields, signature("", url, fields))
