"""A gateway for texts with the interface of Twilio's Programmable Messaging: REST out, signed webhooks in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.error import HTTPError
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from lamplighter.notices.gateways import Receipt, Undeliverable
from lamplighter.notices.queries.outbox import Parcel

SECONDS = 20


@dataclass(frozen=True, slots=True)
class TextGateway:
    """`url` is https://SID:TOKEN@api.host, `sender` the number that texts come from (E.164), `callback` the address to
    which the gateway tells what became of each. It names the text by our own number: what is told may arrive before
    the gateway's id of it is kept."""

    url: str
    sender: str
    callback: str = ""

    def hand_over(self, parcel: Parcel, *, at: datetime) -> Receipt:
        return Receipt(self.send(parcel.address[0], parcel.text.strip(), about=parcel.number), at)

    def send(self, to: str, body: str, *, about: str) -> str:
        """The gateway's id of the text; `about` is ours. Raises Undeliverable for what it will never send."""
        where = urlsplit(self.url)
        account, token = unquote(where.username or ""), unquote(where.password or "")
        port = f":{where.port}" if where.port else ""
        address = f"{where.scheme}://{where.hostname}{port}/2010-04-01/Accounts/{account}/Messages.json"
        fields = {"To": to, "From": self.sender, "Body": body}
        if self.callback:
            fields["StatusCallback"] = f"{self.callback}?{urlencode({'about': about})}"
        keys = base64.b64encode(f"{account}:{token}".encode()).decode()
        request = Request(  # noqa: S310 - the address is the utility's own setting
            address, urlencode(fields).encode(), {"Authorization": f"Basic {keys}"}, method="POST"
        )
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return str(json.load(answer)["sid"])
        except HTTPError as refused:
            words = refused.read().decode("utf-8", "replace")[:300]
            if 400 <= refused.code < 500 and refused.code != 429:
                raise Undeliverable(words, proof=f"http {refused.code}") from refused
            raise ConnectionError(f"{refused.code} {words}") from refused


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """What X-Twilio-Signature must be: base64 of HMAC-SHA1 over the address and the sorted fields."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def genuine(token: str, url: str, fields: Mapping[str, str], claimed: str) -> bool:
    """Whether a webhook comes from who holds the token; nothing is genuine without one."""
    return bool(token) and hmac.compare_digest(signature(token, url, fields), claimed)
