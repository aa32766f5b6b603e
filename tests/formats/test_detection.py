"""The format of a file is told by what is in it."""

from __future__ import annotations

import pytest

from lamplighter.formats.detection import detect
from lamplighter.formats.meterdata import Format

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"/>'


@pytest.mark.parametrize(
    ("start", "format_"),
    [
        (b"100,NEM12,200404201300,A,B\n", Format.NEM12),
        (b"\r\n  100,NEM12,200404201300,A,B\n", Format.NEM12),
        (b'"100","NEM13",200404201300,A,B\n', Format.NEM13),
        (b"200,VABD000163,E1Q1,1,E1,N1,METSER123,kWh,30,\n", Format.NEM12),
        (b"250,VABC005890,11,1,11,11,M,E,1\n", Format.NEM13),
        (b"MEPMD01,20080501,SENSUS,", Format.CMEP),
        (b"# exported\nmepmd02,20080501,SENSUS,", Format.CMEP),
        (b"meter,time,kwh\nM1,2025-01-01,5\n", Format.CSV),
        (b"Usage report\nmeter;time;kwh\nM1;2025-01-01;5\n", Format.CSV),
        (ATOM.encode(), Format.ESPI),
        (ATOM.encode("utf-16"), Format.ESPI),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><!-- <html> --><ns3:entry xmlns:ns3="x">', Format.ESPI),
        (b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "b">]><feed>', Format.ESPI),
        (b"<?xml version='1.0'?><!-- a long remark, of which one does not see the end", Format.ESPI),
        ("100,NEM12,200404201300,A,B\n".encode("utf-16"), Format.NEM12),
        (b"<?xml version='1.0'?><invoice/>", None),
        (b"Dear customer\nthank you for your mail\n", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_first_bytes(start, format_):
    assert detect(start) is format_
