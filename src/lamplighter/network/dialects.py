"""Say and hear in the protocol that a head-end speaks; prove who calls; strike logins out of what is kept."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from lamplighter.formats.network import cim, multispeak
from lamplighter.formats.network.cim.envelope import basic, login_of
from lamplighter.formats.network.messages import Act, Ask, EventKind, Fault, Login, Notice
from lamplighter.formats.network.multispeak import Version
from lamplighter.formats.network.multispeak.envelope import opened
from lamplighter.network.models import HeadEnd
from lamplighter.network.types import Protocol
from lamplighter.platform.secrets import decrypt, digest

VERSIONS = {Protocol.MULTISPEAK_3: Version.V3, Protocol.MULTISPEAK_4: Version.V4}
PASSWORDS = (re.compile(r'(?<=Pwd=")[^"]*'), re.compile(r"(?<=Password>)[^<]*"), re.compile(r'(?<=UserID=")[^"]*'))
XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Wire:
    """What goes over the wire, and what it is called."""

    body: bytes
    headers: Mapping[str, str]
    operation: str
    message: str


@dataclass(frozen=True, slots=True)
class Call:
    """What a head-end called with: the notice, and how its answer is written."""

    notice: Notice
    operation: str
    protocol: Protocol

    def answer(self, faults: Sequence[Fault], *, at: datetime) -> bytes:
        if self.protocol is Protocol.IEC_61968:
            return cim.write_answer(
                message=str(uuid4()), correlation=self.notice.message, noun=self.operation, faults=faults, at=at
            )
        return multispeak.write_answer(VERSIONS[self.protocol], self.operation, faults, at=at.isoformat())


def say(head_end: HeadEnd, ask: Ask, *, at: datetime) -> Wire:
    """A command as this head-end wants it."""
    message = str(uuid4())
    login = Login(head_end.user, decrypt(head_end.sealed) if head_end.sealed else "")
    protocol = Protocol(head_end.protocol)
    if protocol is Protocol.IEC_61968:
        body = cim.write_ask(ask, codes_of(head_end), message=message, at=at)
        return Wire(body, {"Content-Type": XML, "Authorization": basic(login)}, ask.act.value, message)
    body, action = multispeak.write_ask(ask, VERSIONS[protocol], login=login, message=message, at=at)
    return Wire(body, {"Content-Type": XML, "SOAPAction": action}, action.rpartition("/")[2].strip('"'), message)


def faults_in(head_end: HeadEnd, answer: bytes) -> tuple[Fault, ...]:
    """What the head-end did not take. Raises Unreadable."""
    of_cim = Protocol(head_end.protocol) is Protocol.IEC_61968
    return cim.read_answer(answer) if of_cim else multispeak.read_answer(answer)


def caller(body: bytes, authorization: str) -> Login:
    """Who calls: by the request's own header, else by MultiSpeak's. Raises Unreadable when neither can be read."""
    return login_of(authorization) if authorization else opened(body)[2]


def proves(head_end: HeadEnd, login: Login) -> bool:
    """Whether the caller knows the head-end's password; in the same time whether it does or not."""
    known = hmac.compare_digest(head_end.their_digest, digest(login.password))
    return known and bool(login.password) and head_end.active


def listen(head_end: HeadEnd, body: bytes, *, at: datetime) -> Call:
    """What it says. Raises Unreadable."""
    zone, protocol = ZoneInfo(head_end.zone), Protocol(head_end.protocol)
    if protocol is Protocol.IEC_61968:
        notice, noun = cim.read_notice(body, codes_of(head_end), zone=zone, at=at)
        return Call(notice, noun, protocol)
    notice, version, operation, _ = multispeak.read_notice(body, zone=zone, at=at)
    return Call(notice, operation, next(one for one, known in VERSIONS.items() if known is version))


def codes_of(head_end: HeadEnd) -> cim.Codes:
    """The vendor's table over the starter's."""
    controls = {Act(act): code for act, code in head_end.codes.get("controls", {}).items()}
    events = {code: EventKind(kind) for code, kind in head_end.codes.get("events", {}).items()}
    return cim.Codes({**cim.STARTER.controls, **controls}, {**events, **cim.STARTER.events, **events})


def kept(body: bytes) -> str:
    """A message without its logins, as it is kept."""
    text = body.decode("utf-8", "replace")
    for secret in PASSWORDS:
        text = secret.sub("", text)
    return text
