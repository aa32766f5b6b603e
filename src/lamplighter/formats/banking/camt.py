"""CAMT.053 (ISO 20022 bank-to-customer statement), any version: read by local names; its balances and the totals of
its summary must hold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from lxml import etree

from lamplighter.formats.banking.statements import BankLine, CannotRead, Statement

OPENING, CLOSING = ("OPBD", "PRCD"), "CLBD"
MOST_BYTES = 50 << 20
SUMMARY = {"TtlNtries": ("CRDT", "DBIT"), "TtlCdtNtries": ("CRDT",), "TtlDbtNtries": ("DBIT",)}
"""Which entries each total of a statement's summary counts."""

AMOUNT = re.compile(r"-?\d{1,15}(\.\d{0,5})?|-?\.\d{1,5}", re.ASCII)  # ISO 20022: 18 digits, 5 after the point


def statements(data: bytes) -> list[Statement]:
    """Every statement of the document. Raises CannotRead for broken XML and totals that do not hold."""
    if len(data) > MOST_BYTES:
        raise CannotRead(f"The file has {len(data):,} bytes; a statement of a day has no more than {MOST_BYTES:,}.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise CannotRead(f"The file is no whole XML document: {wrong}.") from wrong
    found = [_statement(one) for one in _all(root, ".//{*}Stmt")]
    if not found:
        raise CannotRead("The document has no statement (Stmt): ask the bank for CAMT.053.")
    return found


def _statement(one: etree._Element) -> Statement:
    balances = {_text(b, "{*}Tp/{*}CdOrPrtry/{*}Cd"): b for b in _all(one, "{*}Bal")}
    opening = next((balances[code] for code in OPENING if code in balances), None)
    closing = balances.get(CLOSING)
    account = _text(one, "{*}Acct/{*}Id/{*}IBAN") or _text(one, "{*}Acct/{*}Id/{*}Othr/{*}Id")
    day = _dated(closing, "{*}Dt") if closing is not None else _text(one, "{*}CreDtTm")[:10]
    entries = _all(one, "{*}Ntry")
    booked = [entry for entry in entries if _status(entry) in {"BOOK", ""}]
    lines = tuple(_line(entry, day) for entry in booked)
    currency = _text(one, "{*}Acct/{*}Ccy") or _currency(closing)
    return Statement(
        account, _day(day), currency, lines, None if opening is None else _signed(opening),
        None if closing is None else _signed(closing), _contradicted(one, entries) and _contradicted(one, booked),
    )  # fmt: skip


def _contradicted(one: etree._Element, entries: list[etree._Element]) -> str:
    """The first total of the summary (TxsSummry) that these entries do not make. Some banks count in what is pending,
    some do not: either is right."""
    for name, kinds in SUMMARY.items():
        found = one.find(f"{{*}}TxsSummry/{{*}}{name}")
        if found is None:
            continue
        some = [abs(_signed(entry)) for entry in entries if _text(entry, "{*}CdtDbtInd") in kinds]
        counted, added = _text(found, "{*}NbOfNtries"), _text(found, "{*}Sum")
        if counted and counted.lstrip("0") != str(len(some) or ""):
            return f"its summary ({name}) tells {counted} entries, and {len(some)} are there."
        if added and _cents(added, found) != sum(some):
            return f"its summary ({name}) tells a sum of {added}, and the entries make {Decimal(sum(some)) / 100:.2f}."
    return ""


def _status(entry: etree._Element) -> str:
    """BOOK, PDNG, INFO ...: by itself in the second version, in a code from the third on."""
    return _text(entry, "{*}Sts/{*}Cd") or _text(entry, "{*}Sts/{*}Prtry") or _text(entry, "{*}Sts")


def _dated(one: etree._Element, path: str) -> str:
    return _text(one, f"{path}/{{*}}Dt") or _text(one, f"{path}/{{*}}DtTm")[:10]


def _line(entry: etree._Element, otherwise: str) -> BankLine:
    """An entry need not say when it was booked: then its value day counts, or the statement's own."""
    day = _dated(entry, "{*}BookgDt") or _dated(entry, "{*}ValDt") or otherwise
    code = _text(entry, "{*}BkTxCd/{*}Prtry/{*}Cd") or _text(entry, "{*}BkTxCd/{*}Domn/{*}Cd")
    details = "{*}NtryDtls/{*}TxDtls"
    text = _text(entry, "{*}AddtlNtryInf") or _text(entry, f"{details}/{{*}}RmtInf/{{*}}Ustrd")
    reference = _text(entry, "{*}NtryRef") or _text(entry, f"{details}/{{*}}Refs/{{*}}EndToEndId")
    return BankLine(_day(day), _signed(entry), code, text, _text(entry, "{*}AcctSvcrRef"), reference)


def _signed(one: etree._Element) -> int:
    """The amount of an entry or a balance in cents; a debit is below zero."""
    cents, kind = _cents(_text(one, "{*}Amt"), one), _text(one, "{*}CdtDbtInd")
    if kind not in {"CRDT", "DBIT"}:
        raise CannotRead(f"Line {one.sourceline}: {kind!r} is neither CRDT nor DBIT.")
    return cents if kind == "CRDT" else -cents


def _cents(text: str, where: etree._Element) -> int:
    if not AMOUNT.fullmatch(text):
        raise CannotRead(f"Line {where.sourceline}: {text!r} is no amount.")
    cents = Decimal(text) * 100
    if cents != cents.to_integral_value():
        raise CannotRead(f"Line {where.sourceline}: {text} has a fraction of a cent.")
    return int(cents)


def _currency(balance: etree._Element | None) -> str:
    amount = balance.find("{*}Amt") if balance is not None else None
    return str(amount.get("Ccy") or "") if amount is not None else ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        if not text:
            raise CannotRead("A statement says neither the day of its closing balance nor when it was made.") from wrong
        raise CannotRead(f"{text!r} is no day; expected YYYY-MM-DD.") from wrong


def _text(one: etree._Element, path: str) -> str:
    found = one.findtext(path)
    return found.strip() if found else ""


def _all(one: etree._Element, path: str) -> list[etree._Element]:
    return list(one.findall(path))
