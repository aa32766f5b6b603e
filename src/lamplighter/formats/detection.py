"""Tells the format of a file by its first bytes, never by its name."""

from __future__ import annotations

import re

from lamplighter.formats.meterdata import Format
from lamplighter.formats.textlines import encoding_of

ESPI_ROOTS = {"feed", "entry", "usagepoint", "intervalblock", "meterreading", "readingtype", "batchlist"}
CMEP_RECORD = re.compile(r"^\s*\"?(ME[PR][A-Z]{2}\d{2}|MLA\d{2})\"?\s*,", re.MULTILINE | re.IGNORECASE)
NEM_HEADER = re.compile(r"^\s*\"?100\"?\s*,\s*\"?(NEM\d\d)\"?", re.IGNORECASE)
NEM12_RECORD = re.compile(r"\A\s*(?:200,[^,\n]*,|300,\d{8},|900\s*$)")
NEM13_RECORD = re.compile(r"\A\s*250,[^,\n]*,")
XML_PROLOGUE = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!DOCTYPE[^\[>]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)", re.DOTALL)
DELIMITERS = ",;\t|"


def detect(head: bytes) -> Format | None:
    """The format of a file that begins with these bytes; None when it is none that can be read."""
    encoding, mark = encoding_of(head)
    start = head[mark:].decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return Format.ESPI if _is_espi(start) else None
    if _is_binary(start):
        return None
    if header := NEM_HEADER.match(start):
        return Format.NEM13 if header[1].upper() == "NEM13" else Format.NEM12
    for format_, record in ((Format.CMEP, CMEP_RECORD), (Format.NEM13, NEM13_RECORD), (Format.NEM12, NEM12_RECORD)):
        if record.search(start):
            return format_
    return Format.CSV if _is_table(start) else None


def _is_espi(start: str) -> bool:
    """By a namespace or the root element; where only comments are to be seen, its reader will tell."""
    if "naesb.org/espi" in start:
        return True
    bare = XML_PROLOGUE.sub("", start).strip()
    root = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", bare)
    return not bare or (root is not None and root[1].lower() in ESPI_ROOTS)


def _is_binary(start: str) -> bool:
    sample = start[:4096]
    odd = sum(1 for character in sample if ord(character) < 32 and character not in "\t\r\n\x1a")
    return odd > len(sample) // 50


def _is_table(start: str) -> bool:
    """A first line with columns, or a second one under a title."""
    rows = [row for row in start.splitlines()[:20] if row.strip()]
    return any(sum(row.count(mark) for row in rows) >= max(len(rows) - 1, 1) for mark in DELIMITERS) if rows else False
