"""Everything that reads what others wrote, besides meter files: what it is fed with, and how it may refuse.

A target is called with bytes. It may give an answer or raise one of its own refusals; anything else is a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import lamplighter
from lamplighter.advice.assumptions import CannotAdvise
from lamplighter.advice.scenario import scenario_of_toml
from lamplighter.formats.agencies.recoveries import read_recoveries
from lamplighter.formats.banking import reading
from lamplighter.formats.banking.statements import CannotRead as CannotReadStatement
from lamplighter.formats.mail import BadMail, read_mail
from lamplighter.formats.mapped.mapping import MappingError, mapping_from
from lamplighter.formats.nacha.checker import faults
from lamplighter.formats.nacha.writer import Credit, Origin, credits_file
from lamplighter.formats.network import cim, multispeak
from lamplighter.formats.network.messages import (
    Act,
    Ask,
    Fault,
    Login,
    Measured,
    Notice,
    Power,
    Reads,
    Switch,
    SwitchSeen,
)
from lamplighter.formats.network.multispeak import Version
from lamplighter.formats.refusals import Unreadable
from lamplighter.formats.remittances.layout import BadLayout, layout_of
from lamplighter.formats.remittances.reading import read_remittance
from lamplighter.formats.x9.reader import CannotRead as CannotReadLetter
from lamplighter.formats.x9.reader import items
from lamplighter.formats.x9.writer import CheckItem, Letter, cash_letter
from lamplighter.kernel.money import Money
from lamplighter.rating import parse
from lamplighter.rating.columnar import CannotCompile, compile
from lamplighter.rating.urdb import Convention, convert
from lamplighter.rating.urdb import read as read_urdb
from lamplighter.rating.urdb.records import Unreadable as NoRate
from lamplighter.town.remittances import Said, lockbox, pay_stations
from tests.formats.test_banking import CAMT
from tests.payments.papers import bai2, tiff

BOOKS = Path(lamplighter.__file__).parent / "tariffs" / "books"
LAYOUTS = {
    one.name: one.read_text()
    for one in (Path(lamplighter.__file__).parent / "formats" / "remittances" / "layouts").glob("*.toml")
}
REMITTED = [Said("204518-7", Money(8466), "1182"), Said("x", Money(100), "1183", "CHK")]
AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = date(2026, 11, 20)
ZONE = ZoneInfo("America/Los_Angeles")
US = Login("lamplighter", "secret")


@dataclass(frozen=True, slots=True)
class Target:
    """`read` is called with damaged forms of the seeds; `refuses` are the ways in which it may say no."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]
    refuses: tuple[type[Exception], ...] = ()


def tried(target: Target, data: bytes) -> None:
    """Raises what the target has no right to raise."""
    try:
        target.read(data)
    except target.refuses as refusal:
        assert str(refusal) or isinstance(refusal, Unreadable), "a refusal says why"


def text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _tariff(data: bytes) -> None:
    found = parse(text(data), "fuzz.toml")
    if found.tariff is not None:
        compile(found.tariff)
    else:
        assert found.findings, "a file that is no tariff says why"


def _rate(data: bytes) -> None:
    for record in read_urdb(text(data)):
        for convention in Convention:
            found = convert(record, convention=convention, file="fuzz.json")
            assert found.tariff is not None or found.findings, "a record that is no tariff says why"


def _network(data: bytes) -> None:
    """A message as every side could take it: the refusal of one is no reason not to try the others."""
    refused = []
    for read in (
        lambda: multispeak.read_ask(data),
        lambda: multispeak.read_notice(data, zone=ZONE, at=AT),
        lambda: multispeak.read_answer(data),
        lambda: cim.read_ask(data, cim.STARTER),
        lambda: cim.read_notice(data, cim.STARTER, zone=ZONE, at=AT),
        lambda: cim.read_answer(data),
    ):
        try:
            read()
        except Unreadable as refusal:
            refused.append(refusal)
    assert all(refusal.finding.message for refusal in refused)


def _messages() -> list[bytes]:
    ask = Ask(next(iter(Act)), "E-1", "3f0c", "http://127.0.0.1:8000/network/", 60)
    said = (
        SwitchSeen("E-1", Switch.OFF, AT),
        Power("E-1", on=True, at=AT),
        Reads("E-1", AT, (Measured(Decimal(65), "kWh"),)),
    )
    made = [cim.write_ask(ask, cim.STARTER, message="m-1", at=AT)]
    made += [body for one in said for body in cim.write_notices(Notice("m", "t", (one,)), cim.STARTER, at=AT)]
    for version in Version:
        made.append(multispeak.write_ask(ask, version, login=US, message="m-1", at=AT)[0])
        for one in said:
            made += [body for body, _ in multispeak.write_notices(Notice("m", "t", (one,)), version, login=US)]
        made.append(multispeak.write_answer(version, "PingURL", (Fault("unknown meter", "E-9"),)))
    return made


RECOVERIES = (
    "H,LAMPLIGHTER RECOVERIES,bayside,2026-11-19\nD,payment,R1,100-2,2026-11-18,100.00,25.00\n"
    "D,returned,R2,100-3,2026-11-18,0.00,0.00\nT,2,100.00,25.00\n"
)
MAPPING = (
    '[columns]\nmeter = "meter"\ntime = "time"\n[time]\nzone = "America/Los_Angeles"\nformat = "%Y-%m-%d %H:%M"\n'
    'interval = 3600\n[status.map]\nA = "valid"\n[[value]]\ncolumn = "kwh"\nunit = "kWh"\n'
)
RATE = (
    '{"items": [{"label": "x", "name": "G", "utility": "U", "sector": "Commercial", "startdate": 1700000000,'
    ' "energyratestructure": [[{"rate": 0.1, "adj": 0.01, "max": 500, "unit": "kWh"}, {"rate": 0.2}], [{"rate": 0.3}]],'
    f' "energyweekdayschedule": {[[0] * 12 + [1] * 12] * 12}, "energyweekendschedule": {[[0] * 24] * 12},'
    ' "flatdemandstructure": [[{"rate": 5, "max": 10}, {"rate": 7}]], "flatdemandmonths": [0,0,0,0,0,0,0,0,0,0,0,0],'
    ' "lookbackpercent": 0.8, "lookbackmonths": [1,0,0,0,0,0,0,0,0,0,0,1], "mincharge": 4, "minchargeunits": "$/day",'
    ' "fixedchargefirstmeter": 10, "fixedchargeunits": "$/month", "dgrules": "Net Metering"}]}'
)
MAIL = """From: =?utf-8?q?Ren=C3=A9e?= <r@example.net>
Message-ID: <a@b>
References: <c@d> <e@f>
Subject: My bill
Date: Fri, 20 Nov 2026 09:02:11 -0800
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8

<p>Why?</p>
--x
Content-Type: application/pdf; name=a.pdf
Content-Transfer-Encoding: base64

JVBERg==
--x--
"""
RETURNED = """From: <>
Message-ID: <dsn@example.net>
Content-Type: multipart/report; report-type=delivery-status; boundary=y

--y
Content-Type: message/delivery-status

Reporting-MTA: dns; x

Final-Recipient: rfc822; a@b
Action: failed
Diagnostic-Code: smtp; 550 no such user

--y
Content-Type: message/rfc822

Message-ID: <M-9@m.example>

hi
--y--
"""
LETTER = Letter("First Bay Bank", "121000358", "Marisol Bay Power", "000123456789", "Customer Svc", "510 555 0100", "1")
ORIGIN = Origin("121000358", "First Bay Bank", "1946000123", "Marisol Bay Power")
PAID = [Credit("121000358", "1", 100, "RF-1", "Ann"), Credit("121000358", "2", 200, "RF-2", "Bo", savings=True)]

TARGETS: dict[str, Target] = {
    "bank statements": Target(
        reading.read, [bai2("000123456789", ON, [("175", 8500, "DEPOSIT, B-77"), ("475", 41200, "CHECK")]), CAMT],
        (CannotReadStatement,),
    ),
    "NACHA files": Target(faults, [credits_file(ORIGIN, PAID, made=AT, pays_on=ON, batch=7).data]),
    "image cash letters": Target(
        items, [cash_letter(LETTER, [CheckItem("121000358", "12/3", 123, tiff(), tiff())], at=AT)], (CannotReadLetter,)
    ),
    "mail": Target(
        read_mail,
        [MAIL.encode(), RETURNED.encode()],
        (BadMail,),
    ),
    "agencies' recoveries": Target(lambda data: read_recoveries(text(data), file="fuzz.csv"), [RECOVERIES.encode()]),
    "payment files, fixed": Target(
        lambda data: read_remittance(data, layout_of(LAYOUTS["harbor-lockbox.toml"]), file="fuzz"),
        [lockbox(REMITTED, on=ON, number="B-7")], (Unreadable,),
    ),
    "payment files, delimited": Target(
        lambda data: read_remittance(data, layout_of(LAYOUTS["quickstop.toml"]), file="fuzz"),
        [pay_stations(REMITTED, on=ON, number="B-7")], (Unreadable,),
    ),
    "layouts of payment files": Target(
        lambda data: layout_of(text(data)), [one.encode() for one in LAYOUTS.values()], (BadLayout,)
    ),
    "network messages": Target(_network, _messages()),
    "mappings": Target(lambda data: mapping_from(text(data)), [MAPPING.encode()], (MappingError,)),
    "tariff files": Target(
        _tariff, [path.read_bytes() for path in sorted((BOOKS / "marisol-bay-power").glob("*.toml"))], (CannotCompile,)
    ),
    "URDB rates": Target(_rate, [RATE.encode()], (NoRate,)),
    "measures": Target(
        lambda data: scenario_of_toml(text(data)),
        [b'[[measure]]\nkind = "battery"\nkwh = 400\n[[measure]]\nkind = "solar"\ndc_kw = 80\n'], (CannotAdvise,),
    ),
}  # fmt: skip
