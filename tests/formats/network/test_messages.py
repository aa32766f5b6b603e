"""What is written to a head-end is read by one, and back, in every dialect; and nothing hostile passes."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lamplighter.formats.network import cim, multispeak
from lamplighter.formats.network.cim.envelope import basic, login_of
from lamplighter.formats.network.messages import (
    Act,
    Ask,
    EventKind,
    Fault,
    Happened,
    Login,
    Measured,
    NotDone,
    Notice,
    Power,
    Reads,
    Switch,
    SwitchSeen,
)
from lamplighter.formats.network.multispeak import Version
from lamplighter.formats.network.parsing import parse
from lamplighter.formats.refusals import Unreadable

AT = datetime(2026, 11, 20, 17, 2, 3, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
US = Login("lamplighter", "s & <p>")
SAID = (
    SwitchSeen("E-1", Switch.OFF, AT),
    SwitchSeen("E-1", Switch.ARMED, AT),
    SwitchSeen("E-1", None, AT),
    Power("E-1", on=True, at=AT, volts=Decimal("121.4")),
    Power("E-1", on=False, at=AT),
    Power("E-1", on=None, at=AT),
    Reads("E-1", AT, (Measured(Decimal(6519), "kWh"), Measured(Decimal(12), "kWh", received=True),
                      Measured(Decimal("121.4"), "V"))),
    NotDone("E-1", "no route to the meter"),
)  # fmt: skip
EVENTS = [Happened("E-1", kind, AT, words="cover off") for kind in EventKind if kind is not EventKind.OTHER]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("version", Version)
def test_a_command_arrives_as_it_was_sent_in_multispeak(act, version):
    ask = Ask(act, "E-77120934", "3f0c", "http://127.0.0.1:8000/network/", 90)
    body, action = multispeak.write_ask(ask, version, login=US, message="m-1", at=AT)
    read, said, operation, login, message = multispeak.read_ask(body)
    assert (read, said, login, message) == (ask, version, US, "m-1")
    assert action == f'"{version.namespace}/{operation}"'


@pytest.mark.parametrize("act", Act)
def test_a_command_arrives_as_it_was_sent_in_61968(act):
    ask = Ask(act, "E-77120934", "3f0c", "http://127.0.0.1:8000/network/", 60)
    read, _, message = cim.read_ask(cim.write_ask(ask, cim.STARTER, message="m-1", at=AT), cim.STARTER)
    assert (read, message) == (ask, "m-1")


@pytest.mark.parametrize("said", SAID, ids=repr)
@pytest.mark.parametrize("version", Version)
def test_what_a_head_end_says_is_heard_in_multispeak(said, version):
    notice = Notice("m-2", "3f0c", (said,))
    ((body, _),) = multispeak.write_notices(notice, version, login=US)
    heard, said_version, _, login = multispeak.read_notice(body, zone=ZONE, at=AT)
    assert (heard, said_version, login) == (notice, version, US)


@pytest.mark.parametrize("said", SAID, ids=repr)
def test_what_a_head_end_says_is_heard_in_61968(said):
    notice = Notice("m-2", "3f0c", (said,))
    (body,) = cim.write_notices(notice, cim.STARTER, at=AT)
    assert cim.read_notice(body, cim.STARTER, zone=ZONE, at=AT)[0] == notice


@pytest.mark.parametrize("said", EVENTS, ids=lambda said: said.kind)
def test_events_keep_their_kind_their_time_and_their_words(said):
    notice = Notice("m-3", "", (said,))
    for version in Version:
        ((body, _),) = multispeak.write_notices(notice, version, login=US)
        (heard,) = multispeak.read_notice(body, zone=ZONE, at=AT)[0].said
        assert (heard.kind, heard.at, heard.words) == (said.kind, said.at, said.words)
    (body,) = cim.write_notices(notice, cim.STARTER, at=AT)
    (heard,) = cim.read_notice(body, cim.STARTER, zone=ZONE, at=AT)[0].said
    assert (heard.kind, heard.at, heard.words) == (said.kind, said.at, said.words)
    assert heard.code, "the sender's own code is kept"


def test_answers_say_what_was_not_taken():
    faults = (Fault("unknown meter", "E-9"),)
    for version in Version:
        assert multispeak.read_answer(multispeak.write_answer(version, "PingURL")) == ()
        assert multispeak.read_answer(multispeak.write_answer(version, "PingURL", faults)) == faults
    told = {"message": "m", "correlation": "c", "noun": "EndDeviceControls", "at": AT}
    assert cim.read_answer(cim.write_answer(**told)) == ()
    assert cim.read_answer(cim.write_answer(**told, faults=faults)) == faults


def test_a_soap_fault_is_a_refusal_with_its_words():
    fault = (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
        b"<faultstring>Login failed</faultstring></s:Fault></s:Body></s:Envelope>"
    )
    assert multispeak.read_answer(fault) == (Fault("Login failed"),)


def test_a_time_without_an_offset_is_in_the_head_ends_zone():
    notice = Notice("m", "t", (Reads("E-1", AT, (Measured(Decimal(1), "kWh"),)),))
    ((body, _),) = multispeak.write_notices(notice, Version.V3, login=US)
    local = body.replace(AT.isoformat().encode(), b"2026-11-20T09:02:03.0000000")
    (heard,) = multispeak.read_notice(local, zone=ZONE, at=AT)[0].said
    assert heard.at == AT


def test_a_login_survives_the_header_and_rubbish_is_nobody():
    assert login_of(basic(US)) == US
    for header in ("", "Basic !!!", "Bearer abc", "Basic //79"):
        assert login_of(header) == Login("", "")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>&b;</s:Body></s:Envelope>'
)
HOSTILE = {
    "entity bomb": (BOMB, "network.hostile"),
    "outside entity": (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "network.hostile"),
    "another encoding": ('<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"), "network.encoding"),
    "deep": (b"<a>" * 5000 + b"</a>" * 5000, "network.not-xml"),
    "large": (b"<x>" + b"a" * (5 << 20) + b"</x>", "network.too-large"),
    "cut off": (b"<x><y>", "network.not-xml"),
    "nothing": (b"", "network.not-xml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_xml_can_be_abused_for_is_refused(name):
    body, code = HOSTILE[name]
    with pytest.raises(Unreadable) as refused:
        parse(body)
    assert refused.value.finding.code == code
    assert refused.value.finding.remedy


def test_damaged_messages_are_read_or_refused_and_nothing_else():
    """10,000 damaged messages; the seed is fixed."""
    lot = random.Random(20_261_120)
    notices = [Notice("m", "t", (said,)) for said in (*SAID, *EVENTS)]
    bodies = [body for notice in notices for version in Version
              for body, _ in multispeak.write_notices(notice, version, login=US)]  # fmt: skip
    bodies += [body for notice in notices for body in cim.write_notices(notice, cim.STARTER, at=AT)]
    heard = 0
    for _ in range(10_000):
        body = bytearray(lot.choice(bodies))
        for _ in range(lot.randrange(1, 4)):
            at = lot.randrange(len(body))
            body[at : at + lot.randrange(3)] = bytes(lot.choices(b'<>/"= aZ0&', k=lot.randrange(3)))
        try:
            if b"multispeak" in body:
                multispeak.read_notice(bytes(body), zone=ZONE, at=AT)
            else:
                cim.read_notice(bytes(body), cim.STARTER, zone=ZONE, at=AT)
            heard += 1
        except Unreadable:
            continue
    assert heard > 1000


@pytest.mark.corpus
def test_public_messages_are_read(shared):
    folder = shared / "data/formats/iec61968"
    readings = (folder / "HES_created_MeterReadings_EventMessage.xml").read_bytes()
    notice, noun = cim.read_notice(readings, cim.STARTER, zone=ZONE, at=AT)
    (read,) = notice.said
    assert noun == "MeterReadings"
    assert (read.meter, read.at) == ("WT20069447", datetime(2022, 11, 17, 22, 45, tzinfo=UTC))
    assert [(str(one.value), one.unit) for one in read.values] == [("6519.0955", "kWh"), ("0.8358", "kvarh")]
    events = (folder / "LandisGyr_CommandCenter_EndDeviceEvents_request.xml").read_bytes()
    notice, _ = cim.read_notice(events, cim.STARTER, zone=ZONE, at=AT)
    (event,) = notice.said
    assert (event.meter, event.kind, event.code, event.words) == (
        "abcde", EventKind.LAST_GASP, "6.20.1.185", "POWER_FAIL",
    )  # fmt: skip
